// SPDX-License-Identifier: 0BSD
#include "core/shared_library.hpp"

#include <cstddef>
#include <filesystem>
#include <vector>

#if defined(_WIN32)
#include <windows.h>

#include "core/utf8.hpp"
#else
#include <dlfcn.h>
#endif
#if defined(__linux__)
#include <link.h>
#elif defined(__APPLE__)
#include <mach-o/dyld.h>

#include <cstdint>
#endif

namespace tsgen {
inline namespace TSGEN_ABI {

#if defined(_WIN32)

std::string open_shared_library(const std::string& name, const std::string&) {
  const std::string file = name + ".dll";
  const std::wstring wide(file.begin(), file.end());  // our own names are ASCII
  if (LoadLibraryW(wide.c_str()) != nullptr) return "";
  return file + ": Windows error " + std::to_string(GetLastError());
}

bool is_loaded(const std::string& name) {
  return GetModuleHandleW(path_from_utf8(name).c_str()) != nullptr;
}

std::vector<std::filesystem::path> loaded_libraries() { return {}; }

std::string open_library_file(const std::filesystem::path& file) {
  // Its neighbours are found beside it.
  if (LoadLibraryExW(file.c_str(), nullptr, LOAD_WITH_ALTERED_SEARCH_PATH) != nullptr) return "";
  return "Windows error " + std::to_string(GetLastError());
}

void* function_of(const std::string& file, const std::string& function) {
  const std::wstring wide(file.begin(), file.end());
  const auto library = LoadLibraryW(wide.c_str());
  if (library == nullptr) return nullptr;
  return reinterpret_cast<void*>(GetProcAddress(library, function.c_str()));
}

#else

namespace {

#if defined(__APPLE__)
constexpr auto suffix = ".dylib";
#else
constexpr auto suffix = ".so";
#endif

/// Where a loaded library lies. The program's run-time path alone does not lead there under a
/// sanitizer, which opens libraries in the program's place.
std::filesystem::path folder_of([[maybe_unused]] const std::string& file) {
#if defined(__linux__)
  void* const loaded = dlopen(file.c_str(), RTLD_LAZY | RTLD_NOLOAD);
  const link_map* map = nullptr;
  if (loaded != nullptr && dlinfo(loaded, RTLD_DI_LINKMAP, &map) == 0)
    return std::filesystem::path(map->l_name).parent_path();
#endif
  return {};
}

std::string open_path(const std::filesystem::path& path, int when) {
  // Never closed: LibTorch keeps pointers into it.
  if (dlopen(path.c_str(), when | RTLD_GLOBAL) != nullptr) return "";
  // NOLINTNEXTLINE(concurrency-mt-unsafe): each thread has its own in every C library of today
  const char* const reason = dlerror();
  return reason != nullptr ? reason : path.string() + " cannot be loaded";
}

}  // namespace

std::string open_shared_library(const std::string& name, const std::string& neighbour) {
  return open_path(folder_of("lib" + neighbour + suffix) / ("lib" + name + suffix), RTLD_NOW);
}

bool is_loaded(const std::string& name) {
  return dlopen(name.c_str(), RTLD_LAZY | RTLD_NOLOAD) != nullptr;
}

#if defined(__APPLE__)

std::vector<std::filesystem::path> loaded_libraries() {
  std::vector<std::filesystem::path> files;
  for (std::uint32_t index = 0; index < _dyld_image_count(); ++index)
    if (const char* const name = _dyld_get_image_name(index); name != nullptr)
      files.emplace_back(name);
  return files;
}

#elif defined(__linux__)

std::vector<std::filesystem::path> loaded_libraries() {
  std::vector<std::filesystem::path> files;
  const auto add = [](dl_phdr_info* info, std::size_t, void* found) {
    if (info->dlpi_name != nullptr && *info->dlpi_name != '\0')
      static_cast<std::vector<std::filesystem::path>*>(found)->emplace_back(info->dlpi_name);
    return 0;
  };
  dl_iterate_phdr(add, &files);
  return files;
}

#else

std::vector<std::filesystem::path> loaded_libraries() { return {}; }

#endif

std::string open_library_file(const std::filesystem::path& file) {
  // Its CUDA functions are there once LibTorch's CUDA library is open, which may come later.
  return open_path(file, RTLD_LAZY);
}

void* function_of(const std::string& file, const std::string& function) {
  void* const library = dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
  return library == nullptr ? nullptr : dlsym(library, function.c_str());
}

#endif

}  // namespace TSGEN_ABI
}  // namespace tsgen
