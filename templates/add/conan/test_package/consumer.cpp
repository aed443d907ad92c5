// A program that knows only the package: loads its model and runs it on ones.
#include <algorithm>
#include <exception>
#include <iostream>

#include "@PROJECT@/model.hpp"

namespace {

/// An input of any shape leaves nothing to choose from: loading is all that can be tried then.
bool has_example(const tsgen::Node& node) {
  return !node.any_shape && std::all_of(node.children.begin(), node.children.end(), has_example);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: consumer MODEL\n";
    return 2;
  }
  try {
    const @IDENTIFIER@::Model model(argv[1]);
    const auto& inputs = model.signature().forward().inputs;
    if (std::all_of(inputs.begin(), inputs.end(), has_example))
      tsgen::print(std::cout, model.run(tsgen::ones(model.signature())));
    return 0;
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
}
