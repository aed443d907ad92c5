#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace {{ cookiecutter.__identifier }} {

/// Loads files of the folder, in their order, for the rest of the process: a model that uses their
/// operators can then be loaded. Throws Error when one is missing or does not open.
void open_operator_libraries(const std::filesystem::path& folder,
                             const std::vector<std::string>& files);

}  // namespace {{ cookiecutter.__identifier }}
