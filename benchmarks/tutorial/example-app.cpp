// What PyTorch's tutorial has a person write: load the traced file, run it once on ones, print five numbers.
#include <iostream>
#include <vector>

#include <torch/script.h>

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: example-app MODEL\n";
    return 2;
  }
  torch::jit::script::Module module;
  try {
    module = torch::jit::load(argv[1]);
  } catch (const c10::Error& error) {
    std::cerr << "error loading the model\n" << error.what() << '\n';
    return 1;
  }
  std::vector<torch::jit::IValue> inputs;
  inputs.push_back(torch::ones({1, 3, 224, 224}));
  const at::Tensor output = module.forward(inputs).toTensor();
  std::cout << output.slice(/*dim=*/1, /*start=*/0, /*end=*/5) << '\n';
  std::cout << "ok\n";
}
