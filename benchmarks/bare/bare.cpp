// The tutorial's program without its error messages, and in a loop when it is asked to:
//   bare MODEL           reads the file and runs it once on ones
//   bare MODEL CALLS     prints the median of so many calls, in milliseconds, after three to warm up
#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <vector>

#include <ATen/Parallel.h>
#include <torch/script.h>

int main(int argc, char** argv) {
  torch::jit::script::Module module = torch::jit::load(argv[1]);
  std::vector<torch::jit::IValue> inputs;
  inputs.push_back(torch::ones({1, 3, 224, 224}));
  if (argc == 2) {
    std::cout << module.forward(inputs).toTensor().slice(1, 0, 5) << '\n';
    return 0;
  }
  at::set_num_threads(1);
  std::vector<double> times;
  for (int call = -3; call < std::atoi(argv[2]); ++call) {
    const auto begun = std::chrono::steady_clock::now();
    module.forward(inputs).toTensor();
    const std::chrono::duration<double, std::milli> taken = std::chrono::steady_clock::now() - begun;
    if (call >= 0) {
      times.push_back(taken.count());
    }
  }
  std::nth_element(times.begin(), times.begin() + times.size() / 2, times.end());
  std::cout << times[times.size() / 2] << '\n';
}
