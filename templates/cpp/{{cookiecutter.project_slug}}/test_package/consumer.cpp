// A program that knows only the package: loads its model and runs it on zeros.
#include <algorithm>
#include <exception>
#include <iostream>
#include <memory>
#include <vector>

#include "{{ cookiecutter.project_slug }}/model.hpp"

namespace lib = {{ cookiecutter.__identifier }};

namespace {

using Named = std::vector<lib::NamedTensor>;

lib::Tensor zeros(const lib::Node& input, const lib::Entry& entry) {
  const auto shape = lib::example_shape(input, entry);
  const auto bytes = lib::element_count(shape) * lib::item_size(input.dtype);
  const auto memory = std::make_shared<std::vector<char>>(bytes + 1);
  return {input.dtype, shape, std::shared_ptr<const void>(memory, memory->data())};
}

/// Zeros for each leaf; a list stays empty, and what is optional away.
void append_zeros(const lib::Node& node, const lib::Entry& entry, Named& inputs) {
  if ((node.optional && !entry.flat) || node.kind == lib::Kind::list) return;
  if (node.is_leaf()) inputs.push_back({node.name, zeros(node, entry)});
  for (const auto& child : node.children) append_zeros(child, entry, inputs);
}

/// An input of any shape leaves nothing to choose from, and no model need take an empty list:
/// loading is all that can be tried then.
bool has_example(const lib::Node& node) {
  return !node.any_shape && node.kind != lib::Kind::list &&
         std::all_of(node.children.begin(), node.children.end(), has_example);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: consumer MODEL\n";
    return 2;
  }
  try {
    const lib::Model model(argv[1]);
    const auto& entry = model.runtime().signature().forward();
    if (!std::all_of(entry.inputs.begin(), entry.inputs.end(), has_example)) return 0;
    Named inputs;
    for (const auto& input : entry.inputs) append_zeros(input, entry, inputs);
    for (const auto& [name, tensor] : model.runtime().run(inputs))
      std::cout << name << ' ' << describe(tensor.dtype(), tensor.shape()) << '\n';
    return 0;
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
}
