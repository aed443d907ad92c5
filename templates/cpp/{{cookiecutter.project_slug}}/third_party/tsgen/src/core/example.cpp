// SPDX-License-Identifier: 0BSD
#include "core/example.hpp"

#include <algorithm>
#include <complex>
#include <memory>
#include <ostream>
#include <string>
#include <type_traits>

#include "core/buffer.hpp"
#include "core/numbers.hpp"
#include "core/text.hpp"
#include "core/widen.hpp"

namespace tsgen {
inline namespace TSGEN_ABI {
namespace {

constexpr int list_elements = 2;

template <typename T>
constexpr T one() {
  return T(1);
}
template <>
constexpr Half one<Half>() {
  return Half{0x3C00};
}
template <>
constexpr BFloat16 one<BFloat16>() {
  return BFloat16{0x3F80};
}

Tensor ones(DType dtype, const Shape& shape) {
  auto buffer = make_buffer(element_count(shape) * item_size(dtype));
  Tensor tensor(dtype, shape, buffer);
  with_elements(tensor, [&](auto* values) {
    using Element = std::remove_const_t<std::remove_pointer_t<decltype(values)>>;
    std::fill_n(reinterpret_cast<Element*>(buffer.get()), tensor.size(), one<Element>());
  });
  return tensor;
}

template <typename T>
Tensor scalar(T value) {
  return Tensor(dtype_of<T>, {}, std::make_shared<const T>(value));
}

void append_ones(const Node& node, const std::string& path, const Entry& entry,
                 std::vector<NamedTensor>& inputs) {
  if (node.default_value) return inputs.push_back({path, default_of(node)});
  if (node.optional && !entry.flat) return;
  if (node.is_leaf()) inputs.push_back({path, ones(node.dtype, example_shape(node, entry))});
  const int times = node.kind == Kind::list ? list_elements : 1;
  for (int i = 0; i < times; ++i) {
    for (const auto& child : node.children) {
      const auto key = node.kind == Kind::list ? std::to_string(i) : std::string(child.key());
      append_ones(child, path + '.' + key, entry, inputs);
    }
  }
}

}  // namespace

// The signature was read, so its text is of its kind.
Tensor default_of(const Node& node) {
  const auto& text = *node.default_value;
  if (node.kind == Kind::integer) return scalar(parse_integer(text).value());
  if (node.kind == Kind::real) return scalar(parse_any_real(text).value());
  if (node.kind == Kind::boolean) return scalar(text == "true");
  return copy_of(Tensor::view(DType::uint8, {static_cast<std::int64_t>(text.size())}, text.data()));
}

std::vector<NamedTensor> ones(const Entry& entry) {
  std::vector<NamedTensor> inputs;
  for (const auto& root : entry.inputs) append_ones(root, root.name, entry, inputs);
  return inputs;
}

void print(std::ostream& out, const NamedTensor& output, std::size_t values) {
  const auto& tensor = output.tensor;
  out << output.name << ' ' << describe(tensor.dtype(), tensor.shape()) << ':';
  for (std::size_t i = 0; i < std::min(tensor.size(), values); ++i)
    out << ' ' << short_text(tensor, i);
  out << '\n';
}

}  // namespace TSGEN_ABI
}  // namespace tsgen
