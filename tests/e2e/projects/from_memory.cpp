// MODEL [OPS]: the model from memory, which has no folder beside it; OPS is where its operators are.
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>

#include "tsgen/error.hpp"
#include "tsgen/example.hpp"
#include "tsgen/model.hpp"

int main(int argc, char** argv) {
  std::ifstream file(argv[1], std::ios::binary);
  const std::string bytes(std::istreambuf_iterator<char>(file), {});
  try {
    const tsgen::LoadOptions options({}, argc > 2 ? argv[2] : "");
    const tsgen::Model model(tsgen::ModelBytes{bytes.data(), bytes.size()}, options);
    std::cout << model.run(tsgen::ones(model.signature())).size() << " outputs\n";
    return 0;
  } catch (const tsgen::Error& error) {
    std::cerr << error.what() << "; " << error.hint() << '\n';
    return 2;
  }
}
