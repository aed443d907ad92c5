#include "shared_library.hpp"

#if defined(_WIN32)
#include <windows.h>
#else
#include <dlfcn.h>
#endif

namespace {{ cookiecutter.__identifier }} {

#if defined(_WIN32)

std::string open_shared_library(const std::string& name) {
  const std::string file = name + ".dll";
  const std::wstring wide(file.begin(), file.end());  // our own names are ASCII
  if (LoadLibraryW(wide.c_str()) != nullptr) return "";
  return file + ": Windows error " + std::to_string(GetLastError());
}

#else

std::string open_shared_library(const std::string& name) {
#if defined(__APPLE__)
  const std::string file = "lib" + name + ".dylib";
#else
  const std::string file = "lib" + name + ".so";
#endif
  // Never closed: LibTorch keeps pointers into it.
  if (dlopen(file.c_str(), RTLD_NOW | RTLD_GLOBAL) != nullptr) return "";
  const char* const reason = dlerror();
  return reason != nullptr ? reason : file + " cannot be loaded";
}

#endif

}  // namespace {{ cookiecutter.__identifier }}
