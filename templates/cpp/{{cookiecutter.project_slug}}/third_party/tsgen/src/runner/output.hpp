// SPDX-License-Identifier: 0BSD
#pragma once

#include <filesystem>
#include <vector>

#include "tsgen/tensor.hpp"

namespace tsgen {
inline namespace TSGEN_ABI {

/// Writes FOLDER/output.NAME.npy for each output, and makes the folder when needed.
void write_outputs(const std::filesystem::path& folder, const std::vector<NamedTensor>& outputs);

}  // namespace TSGEN_ABI
}  // namespace tsgen
