// Calls the model, whose answer "same" is its input "batch.x" doubled in place, and changes both sides.
#include <iostream>
#include <vector>

#include "tsgen/model.hpp"

namespace {

const float* numbers(const std::vector<tsgen::NamedTensor>& answer, const char* name) {
  for (const auto& one : answer)
    if (one.name == name) return one.tensor.data_as<float>();
  return nullptr;
}

}  // namespace

int main(int, char** argv) {
  std::vector<tsgen::NamedTensor> kept;
  std::vector<float> x(12, 1.0F);
  const std::vector<std::int64_t> ids(4, 5);
  {
    const tsgen::Model model(argv[1]);
    const std::vector<tsgen::NamedTensor> inputs = {
        {"batch.x", tsgen::TensorView<float>(x, {2, 6})},
        {"ids", tsgen::TensorView<std::int64_t>(ids, {2, 2})}};
    kept = model.run(inputs);
    if (x[0] != 1) return std::cerr << "the caller's input was changed\n", 1;
    x.assign(12, 7.0F);
    model.run(inputs);
  }
  if (numbers(kept, "same")[0] != 2) return std::cerr << "a kept answer was changed\n", 1;
  std::cout << "own memory\n";
}
