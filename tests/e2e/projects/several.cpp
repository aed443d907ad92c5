// WORD...: loads a model, one after the other in one process, with a line for each; or removes the folder of a word with a dash.
#include <filesystem>
#include <iostream>
#include <string>
#include <vector>

#include "tsgen/error.hpp"
#include "tsgen/example.hpp"
#include "tsgen/model.hpp"

int main(int argc, char** argv) {
  const std::vector<std::string> files(argv + 1, argv + argc);
  try {
    for (const auto& file : files) {
      if (file[0] == '-') {
        std::filesystem::remove_all(file.substr(1));
        continue;
      }
      const tsgen::Model model(file);
      std::cout << model.run(tsgen::ones(model.signature())).size() << " outputs" << std::endl;
    }
    return 0;
  } catch (const tsgen::Error& error) {
    std::cerr << error.what() << "; " << error.hint() << '\n';
    return 2;
  }
}
