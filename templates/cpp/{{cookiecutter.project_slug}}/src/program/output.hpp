#pragma once

#include <filesystem>
#include <vector>

#include "{{ cookiecutter.project_slug }}/tensor.hpp"

namespace {{ cookiecutter.__identifier }} {

/// Writes FOLDER/output.NAME.npy for each output, and makes the folder when needed.
void write_outputs(const std::filesystem::path& folder, const std::vector<NamedTensor>& outputs);

}  // namespace {{ cookiecutter.__identifier }}
