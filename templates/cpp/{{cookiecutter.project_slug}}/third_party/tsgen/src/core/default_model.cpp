// SPDX-License-Identifier: 0BSD
#include <array>
#include <cstdint>
#include <string>
#include <system_error>

#include "tsgen/error.hpp"
#include "tsgen/model.hpp"

#include "core/runtime.hpp"
#include "core/utf8.hpp"

#if defined(_WIN32)
#include <windows.h>
#elif defined(__APPLE__)
#include <mach-o/dyld.h>
#endif

namespace tsgen {
inline namespace TSGEN_ABI {
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

fs::path default_model(std::string_view program, std::string_view file) {
  const auto name = file.empty() ? runtime_facts().model_file : file;
  const auto model = fs::path("model") / path_from_utf8(name);
  const std::array<fs::path, 3> places = {
      model, fs::path("../share") / path_from_utf8(program) / model, fs::path("../..") / model};
  const auto folder = executable_folder();
  std::string looked_at;
  for (const auto& place : places) {
    auto path = (folder / place).lexically_normal();
    std::error_code failed;
    if (fs::exists(path, failed)) return path;
    looked_at += (looked_at.empty() ? "" : ", ") + to_utf8(path);
  }
  throw Error("no model was given and none belongs to this program: looked at " + looked_at,
              "give a model file, or run tsgen build in the project to export one");
}

}  // namespace TSGEN_ABI
}  // namespace tsgen
