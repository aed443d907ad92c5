#include "runtime/utf8.hpp"

#if defined(_WIN32)
#include <windows.h>
#endif

namespace {{ cookiecutter.__identifier }} {

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

}  // namespace {{ cookiecutter.__identifier }}
