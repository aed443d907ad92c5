// SPDX-License-Identifier: 0BSD
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "tsgen/version.hpp"

namespace tsgen {
inline namespace TSGEN_ABI {

/// Loads libNAME.so, libNAME.dylib or NAME.dll for the rest of the process, its symbols visible to
/// everyone; from the folder of the library `neighbour`, if that is loaded and has a known place.
/// Returns the reason when that failed, else nothing.
std::string open_shared_library(const std::string& name, const std::string& neighbour);

/// Whether a library of that name, which the linker gave it, is loaded; on Windows, of that file name.
bool is_loaded(const std::string& name);

/// The loaded libraries, where they can be told: not on Windows. A path may be relative to what was
/// the working folder, and the file may be gone.
std::vector<std::filesystem::path> loaded_libraries();

/// Loads the library in `file` in the same way. Returns the reason when that failed, else nothing.
std::string open_library_file(const std::filesystem::path& file);

/// A function of the library in `file`, which stays loaded; null when there is no such library or
/// function. The caller knows its type.
void* function_of(const std::string& file, const std::string& function);

}  // namespace TSGEN_ABI
}  // namespace tsgen
