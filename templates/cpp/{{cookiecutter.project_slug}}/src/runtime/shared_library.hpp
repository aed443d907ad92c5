#pragma once

#include <filesystem>
#include <string>

namespace {{ cookiecutter.__identifier }} {

/// Loads libNAME.so, libNAME.dylib or NAME.dll for the rest of the process, its symbols visible to
/// everyone; from the folder of the library `neighbour`, if that is loaded and has a known place.
/// Returns the reason when that failed, else nothing.
std::string open_shared_library(const std::string& name, const std::string& neighbour);

/// Loads the library in `file` in the same way, unless one of that file name is loaded already.
/// Returns the reason when that failed, else nothing.
std::string open_library_file(const std::filesystem::path& file);

/// A function of the library in `file`, which stays loaded; null when there is no such library or
/// function. The caller knows its type.
void* function_of(const std::string& file, const std::string& function);

}  // namespace {{ cookiecutter.__identifier }}
