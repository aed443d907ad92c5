// SPDX-License-Identifier: 0BSD
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "tsgen/signature.hpp"
#include "tsgen/version.hpp"

namespace tsgen {
inline namespace TSGEN_ABI {

/// Loads files of the folder, in their order, for the rest of the process: a model that uses their
/// operators can then be loaded. One whose operators are here already stays closed, whoever brought
/// them: registered twice, LibTorch ends the process. Throws Error when one is missing, does not
/// open, or is of another build than the one that is here.
void open_operator_libraries(const std::filesystem::path& folder,
                             const std::vector<OperatorLibrary>& libraries);

}  // namespace TSGEN_ABI
}  // namespace tsgen
