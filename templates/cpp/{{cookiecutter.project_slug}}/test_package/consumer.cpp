// A program that knows only the package: loads its model and runs it on zeros.
#include <algorithm>
#include <exception>
#include <iostream>
#include <memory>
#include <vector>

#include "{{ cookiecutter.project_slug }}/model.hpp"

namespace lib = {{ cookiecutter.__identifier }};

namespace {

lib::Tensor zeros(const lib::Leaf& input, const lib::Signature& signature) {
  const auto shape = lib::example_shape(input, signature);
  const auto bytes = lib::element_count(shape) * lib::item_size(input.dtype);
  const auto memory = std::make_shared<std::vector<char>>(bytes);
  return {input.dtype, shape, std::shared_ptr<const void>(memory, memory->data())};
}

bool has_shape(const lib::Leaf& input) { return !input.any_shape; }

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: consumer MODEL\n";
    return 2;
  }
  try {
    const lib::Model model(argv[1]);
    const auto& signature = model.runtime().signature();
    // An input of any shape leaves nothing to choose from: loading is all that can be tried.
    if (!std::all_of(signature.inputs.begin(), signature.inputs.end(), has_shape)) return 0;
    std::vector<lib::Tensor> inputs;
    for (const auto& input : signature.inputs) inputs.push_back(zeros(input, signature));
    for (const auto& output : model.runtime().run(inputs))
      std::cout << describe(output.dtype(), output.shape()) << '\n';
    return 0;
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
}
