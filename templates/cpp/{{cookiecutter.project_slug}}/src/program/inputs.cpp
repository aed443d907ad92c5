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

std::string input_names(const Signature& signature) {
  std::string names;
  for (const auto& leaf : signature.inputs) names += (names.empty() ? "" : ", ") + leaf.name;
  return names.empty() ? "none" : names;
}

std::size_t index_of(const Signature& signature, const std::string& name) {
  const auto& leaves = signature.inputs;
  const auto found = std::find_if(leaves.begin(), leaves.end(),
                                  [&](const Leaf& leaf) { return leaf.name == name; });
  if (found == leaves.end())
    throw Error("the model has no input " + name, "its inputs are: " + input_names(signature));
  return static_cast<std::size_t>(found - leaves.begin());
}

std::vector<std::filesystem::path> files_in_order(const Options& options,
                                                  const Signature& signature) {
  std::vector<std::filesystem::path> files(signature.inputs.size());
  for (const auto& [name, path] : options.inputs) {
    auto& file = files[index_of(signature, name)];
    if (!file.empty()) throw Error("input " + name + " is given twice", "give each input once");
    file = path;
  }
  return files;
}

Tensor read_input(const Leaf& leaf, const std::filesystem::path& file) {
  if (file.empty())
    throw Error("input " + leaf.name + " is missing: expected " + describe(leaf),
                "give every input: --input " + leaf.name + "=FILE.npy");
  try {
    return read_npy(file);
  } catch (const Error& error) {
    throw Error("input " + leaf.name + ": " + error.what(), error.hint());
  }
}

}  // namespace

std::vector<Tensor> make_inputs(const Options& options, const Signature& signature) {
  std::vector<Tensor> inputs;
  if (options.inputs.empty()) {
    for (const auto& leaf : signature.inputs)
      inputs.push_back(ones(leaf.dtype, example_shape(leaf, signature)));
    return inputs;
  }
  const auto files = files_in_order(options, signature);
  for (std::size_t i = 0; i < files.size(); ++i)
    inputs.push_back(read_input(signature.inputs[i], files[i]));
  return inputs;
}

}  // namespace {{ cookiecutter.__identifier }}
