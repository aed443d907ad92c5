// SPDX-License-Identifier: 0BSD
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

#include "tsgen/version.hpp"

namespace tsgen {
inline namespace TSGEN_ABI {

// Text is UTF-8 everywhere inside; on Windows std::filesystem would take it for the ANSI code page.
std::filesystem::path path_from_utf8(std::string_view text);
std::string to_utf8(const std::filesystem::path& path);

/// Bytes of the UTF-8 character that the text begins with; 0 when it is none.
std::size_t character_size(std::string_view text);
bool is_utf8(std::string_view text);
/// The character's bytes.
std::string utf8_of(char32_t character);

}  // namespace TSGEN_ABI
}  // namespace tsgen
