// The model from its file, from memory and from a stream: all three answer the same.
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <vector>

#include "plain/model.hpp"

namespace {

std::vector<float> call(const plain::Model& model) {
  const std::vector<float> numbers{1, 2, 3, 4};
  plain::Inputs inputs;
  inputs.x = {numbers, {1, 4}};
  const auto outputs = model(inputs);
  return {outputs.begin(), outputs.end()};
}

std::vector<float> from_memory(const char* file) {
  std::ifstream stream(file, std::ios::binary);
  std::string bytes(std::istreambuf_iterator<char>(stream), {});
  const plain::Model model(tsgen::ModelBytes{bytes.data(), bytes.size()});
  bytes.assign(bytes.size(), '\0');  // it is not needed once the model is loaded
  return call(model);
}

std::vector<float> from_stream(const char* file) {
  std::ifstream stream(file, std::ios::binary);
  return call(plain::Model(stream));
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const auto answer = call(plain::Model(argc > 1 ? argv[1] : "model.pt"));
    std::cout << "from memory " << (from_memory(argv[1]) == answer) << ", from a stream "
              << (from_stream(argv[1]) == answer) << '\n';
    return 0;
  } catch (const tsgen::Error& error) {
    std::cout << error.what() << " | " << error.hint() << '\n';
    return 1;
  }
}
