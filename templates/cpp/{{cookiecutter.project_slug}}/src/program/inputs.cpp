#include "program/inputs.hpp"

#include <algorithm>
#include <complex>
#include <memory>
#include <string>

#include "program/buffer.hpp"
#include "program/npy.hpp"
#include "program/numbers.hpp"
#include "program/widen.hpp"
#include "runtime/text.hpp"

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

template <typename T>
Tensor scalar(T value) {
  return Tensor(dtype_of<T>, {}, std::make_shared<const T>(value));
}

/// Python's default; the signature was read, so its text is of its kind.
Tensor default_of(const Node& node) {
  const auto& text = *node.default_value;
  if (node.kind == Kind::integer) return scalar(parse_integer(text).value());
  if (node.kind == Kind::real) return scalar(parse_any_real(text).value());
  if (node.kind == Kind::boolean) return scalar(text == "true");
  return copy_of(Tensor::view(DType::uint8, {static_cast<std::int64_t>(text.size())}, text.data()));
}

/// Whether the input at the path, or a part of it, is there.
bool is_given(const std::vector<NamedTensor>& inputs, const std::string& path) {
  return std::any_of(inputs.begin(), inputs.end(), [&](const NamedTensor& input) {
    return input.name == path || input.name.compare(0, path.size() + 1, path + '.') == 0;
  });
}

/// What is not given of the node, as far as Python has a default for it.
void append_defaults(const Node& node, const std::string& path, std::vector<NamedTensor>& inputs) {
  const bool given = is_given(inputs, path);
  if (node.default_value && !given) inputs.push_back({path, default_of(node)});
  if (node.optional && !given) return;
  for (const auto& child : node.children) {
    if (node.kind != Kind::list) {
      append_defaults(child, path + '.' + std::string(child.key()), inputs);
      continue;
    }
    for (int i = 0; is_given(inputs, path + '.' + std::to_string(i)); ++i)
      append_defaults(child, path + '.' + std::to_string(i), inputs);
  }
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
  const bool given = !inputs.empty();
  for (const auto& root : entry.inputs) {
    if (given) append_defaults(root, root.name, inputs);
    if (!given) append_ones(root, root.name, entry, inputs);
  }
  return inputs;
}

}  // namespace {{ cookiecutter.__identifier }}
