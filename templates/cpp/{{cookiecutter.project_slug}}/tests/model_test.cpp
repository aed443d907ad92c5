// Calls the model through its typed API. Whether its numbers are Python's, the test `parity` proves.
#include <algorithm>
#include <exception>
#include <iostream>

#include "{{ cookiecutter.project_slug }}/model.hpp"

namespace {

bool same_shape(const tsgen::NamedTensor& one, const tsgen::NamedTensor& other) {
  return one.name == other.name && one.tensor.shape() == other.tensor.shape();
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const {{ cookiecutter.__identifier }}::Model model(argc > 1 ? argv[1] : "model/{{ cookiecutter.__model_file }}");
    const auto inputs = tsgen::ones(model.signature());
    const auto outputs = model.run(inputs);
    const auto more = model.run(inputs);
    const auto first = tsgen::leaves_of(outputs);
    const auto second = tsgen::leaves_of(more);
    if (std::equal(first.begin(), first.end(), second.begin(), second.end(), same_shape)) return 0;
    std::cerr << "two calls with the same inputs answered other shapes\n";
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
  }
  return 1;
}
