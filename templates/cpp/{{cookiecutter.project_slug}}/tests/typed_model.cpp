// The typed API is generated: this test proves that it compiles and that it fits its model.
#include <exception>
#include <iostream>

#include "{{ cookiecutter.project_slug }}/model.hpp"

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: typed_model MODEL\n";
    return 2;
  }
  try {
    const {{ cookiecutter.__identifier }}::Model model(argv[1]);
    std::cout << model.runtime().signature().model << ": the typed API fits\n";
    return 0;
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
}
