#include "program/inputs.hpp"

#include <algorithm>
#include <complex>
#include <string>

#include "program/buffer.hpp"
#include "program/npy.hpp"
#include "program/numbers.hpp"
#include "program/widen.hpp"

namespace {{ cookiecutter.__identifier }} {
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

void append_ones(const Node& node, const std::string& path, const Entry& entry,
                 std::vector<NamedTensor>& inputs) {
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

Tensor read_input(const std::string& name, const std::filesystem::path& file) {
  try {
    return read_npy(file);
  } catch (const Error& error) {
    throw Error("input " + name + ": " + error.what(), error.hint());
  }
}

}  // namespace

std::vector<NamedTensor> make_inputs(const Options& options, const Entry& entry) {
  std::vector<NamedTensor> inputs;
  for (const auto& [name, file] : options.inputs) inputs.push_back({name, read_input(name, file)});
  if (!inputs.empty()) return inputs;
  for (const auto& root : entry.inputs) append_ones(root, root.name, entry, inputs);
  return inputs;
}

}  // namespace {{ cookiecutter.__identifier }}
