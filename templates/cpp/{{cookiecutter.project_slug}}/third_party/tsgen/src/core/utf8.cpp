// SPDX-License-Identifier: 0BSD
#include "core/utf8.hpp"

#if defined(_WIN32)
#include <windows.h>
#endif

namespace tsgen {
inline namespace TSGEN_ABI {

#if defined(_WIN32)

std::filesystem::path path_from_utf8(std::string_view text) {
  const int bytes = static_cast<int>(text.size());
  const int size = MultiByteToWideChar(CP_UTF8, 0, text.data(), bytes, nullptr, 0);
  std::wstring wide(static_cast<std::size_t>(size), L'\0');
  MultiByteToWideChar(CP_UTF8, 0, text.data(), bytes, wide.data(), size);
  return wide;
}

std::string to_utf8(const std::filesystem::path& path) {
  const std::wstring wide = path.wstring();
  const int units = static_cast<int>(wide.size());
  const int size =
      WideCharToMultiByte(CP_UTF8, 0, wide.data(), units, nullptr, 0, nullptr, nullptr);
  std::string text(static_cast<std::size_t>(size), '\0');
  WideCharToMultiByte(CP_UTF8, 0, wide.data(), units, text.data(), size, nullptr, nullptr);
  return text;
}

#else

std::filesystem::path path_from_utf8(std::string_view text) { return text; }
std::string to_utf8(const std::filesystem::path& path) { return path.string(); }

#endif

std::size_t character_size(std::string_view text) {
  const auto byte = [&](std::size_t index) { return static_cast<unsigned char>(text[index]); };
  if (byte(0) < 0x80) return 1;
  const std::size_t size = byte(0) >= 0xF0 ? 4 : byte(0) >= 0xE0 ? 3 : 2;
  if (byte(0) < 0xC2 || byte(0) > 0xF4 || text.size() < size) return 0;
  for (std::size_t i = 1; i < size; ++i)
    if ((byte(i) & 0xC0U) != 0x80) return 0;
  const bool longer_than_needed =
      (byte(0) == 0xE0 && byte(1) < 0xA0) || (byte(0) == 0xF0 && byte(1) < 0x90);
  const bool surrogate = byte(0) == 0xED && byte(1) > 0x9F;
  const bool beyond_unicode = byte(0) == 0xF4 && byte(1) > 0x8F;
  return longer_than_needed || surrogate || beyond_unicode ? 0 : size;
}

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const auto size = character_size(text);
    if (size == 0) return false;
    text.remove_prefix(size);
  }
  return true;
}

std::string utf8_of(char32_t character) {
  const auto part = [&](unsigned shift) {
    return static_cast<char>(0x80U | ((character >> shift) & 0x3FU));
  };
  const auto lead = [&](unsigned mark, unsigned shift) {
    return static_cast<char>(mark | (character >> shift));
  };
  if (character < 0x80) return {static_cast<char>(character)};
  if (character < 0x800) return {lead(0xC0, 6), part(0)};
  if (character < 0x10000) return {lead(0xE0, 12), part(6), part(0)};
  return {lead(0xF0, 18), part(12), part(6), part(0)};
}

}  // namespace TSGEN_ABI
}  // namespace tsgen
