// SPDX-License-Identifier: 0BSD
#include "runner/arguments.hpp"

#include "core/utf8.hpp"

#if defined(_WIN32)
#include <windows.h>
// after windows.h
#include <shellapi.h>
#endif

namespace tsgen {
inline namespace TSGEN_ABI {

std::vector<std::string> program_arguments(int argc, char** argv) {
#if defined(_WIN32)
  // argv is in the ANSI code page.
  static_cast<void>(argv);
  SetConsoleOutputCP(CP_UTF8);
  wchar_t** const wide = CommandLineToArgvW(GetCommandLineW(), &argc);
  std::vector<std::string> arguments;
  for (int i = 1; i < argc; ++i) arguments.push_back(to_utf8(wide[i]));
  LocalFree(wide);
  return arguments;
#else
  return argc > 0 ? std::vector<std::string>(argv + 1, argv + argc) : std::vector<std::string>();
#endif
}

}  // namespace TSGEN_ABI
}  // namespace tsgen
