// Runs the model on ones, as a first check. This file is yours: change it, or delete it.
#include <exception>
#include <iostream>

#include "{{ cookiecutter.project_slug }}/model.hpp"

int main(int argc, char** argv) {
  try {
    const auto file = argc > 1 ? argv[1] : tsgen::default_model("{{ cookiecutter.project_slug }}");
    const {{ cookiecutter.__identifier }}::Model model(file);
    // Or fill {{ cookiecutter.__identifier }}::Inputs with numbers of your own: model.hpp shows how.
    const auto outputs = model.run(tsgen::ones(model.signature()));
    std::cout << "ok\n";
    tsgen::print(std::cout, outputs);
    return 0;
  } catch (const tsgen::Error& error) {
    std::cerr << "{{ cookiecutter.project_slug }}: error: " << error.what() << '\n';
    std::cerr << "{{ cookiecutter.project_slug }}: hint: " << error.hint() << '\n';
    return 1;
  } catch (const std::exception& error) {
    std::cerr << "{{ cookiecutter.project_slug }}: error: " << error.what() << '\n';
    return 1;
  }
}
