#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace {{ cookiecutter.__identifier }} {

/// The command line without the program's name, in UTF-8.
std::vector<std::string> program_arguments(int argc, char** argv);

/// The model that belongs to this program, found relative to the program's own folder: a project
/// can be moved or installed anywhere. Throws Error that names the places looked at.
std::filesystem::path default_model();

}  // namespace {{ cookiecutter.__identifier }}
