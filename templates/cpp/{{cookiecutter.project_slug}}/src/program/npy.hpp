#pragma once

#include <filesystem>

#include "{{ cookiecutter.project_slug }}/tensor.hpp"

namespace {{ cookiecutter.__identifier }} {

/// Reads a .npy file of version 1.0, 2.0 or 3.0; throws Error that names the file.
Tensor read_npy(const std::filesystem::path& path);

void write_npy(const std::filesystem::path& path, const Tensor& tensor);

}  // namespace {{ cookiecutter.__identifier }}
