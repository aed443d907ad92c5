#include "program/paths.hpp"

#include <array>
#include <cstdint>
#include <system_error>

#include "{{ cookiecutter.project_slug }}/error.hpp"

#include "program/options.hpp"
#include "runtime/utf8.hpp"

#if defined(_WIN32)
#include <windows.h>
// after windows.h
#include <shellapi.h>
#elif defined(__APPLE__)
#include <mach-o/dyld.h>
#endif

namespace {{ cookiecutter.__identifier }} {
namespace {

namespace fs = std::filesystem;

fs::path executable_path() {
#if defined(_WIN32)
  std::wstring path(32768, L'\0');
  path.resize(GetModuleFileNameW(nullptr, path.data(), static_cast<DWORD>(path.size())));
  return path;
#elif defined(__APPLE__)
  std::uint32_t size = 0;
  _NSGetExecutablePath(nullptr, &size);
  std::string path(size, '\0');
  _NSGetExecutablePath(path.data(), &size);
  return path.c_str();
#else
  return "/proc/self/exe";
#endif
}

/// With links resolved, so that a link to the program in ~/bin works.
fs::path executable_folder() {
  std::error_code failed;
  const auto path = fs::canonical(executable_path(), failed);
  return failed ? fs::current_path() : path.parent_path();
}

}  // namespace

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

fs::path default_model() {
  const auto model = fs::path("model") / "model.pt";
  const auto parent = fs::path("..");
  const std::array<fs::path, 3> places = {model, parent / "share" / program_name / model,
                                          parent / parent / model};
  const auto folder = executable_folder();
  std::string looked_at;
  for (const auto& place : places) {
    const auto path = (folder / place).lexically_normal();
    std::error_code failed;
    if (fs::exists(path, failed)) return path;
    looked_at += (looked_at.empty() ? "" : ", ") + to_utf8(path);
  }
  throw Error("no model was given and none belongs to this program: looked at " + looked_at,
              "give a model.pt, or run tsgen build in the project to export one");
}

}  // namespace {{ cookiecutter.__identifier }}
