#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace {{ cookiecutter.__identifier }} {

// Text is UTF-8 everywhere inside; on Windows std::filesystem would take it for the ANSI code page.
std::filesystem::path path_from_utf8(std::string_view text);
std::string to_utf8(const std::filesystem::path& path);

}  // namespace {{ cookiecutter.__identifier }}
