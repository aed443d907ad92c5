#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "{{ cookiecutter.project_slug }}/error.hpp"
#include "{{ cookiecutter.project_slug }}/signature.hpp"

namespace {{ cookiecutter.__identifier }} {

/// Throws Error unless the path is a readable file that begins as TorchScript does: a zip archive.
void check_model_file(const std::filesystem::path& path);

/// LibTorch's reason for not loading a file, in the user's terms.
Error load_error(const std::filesystem::path& path, std::string_view reason);

/// What to throw for TorchScript that tsgen did not export.
Error no_signature(const std::filesystem::path& path);

/// Reads the signature found inside the model.
Signature signature_of(const std::filesystem::path& path, std::string_view text);

}  // namespace {{ cookiecutter.__identifier }}
