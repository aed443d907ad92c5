// SPDX-License-Identifier: 0BSD
#pragma once

#include <string>

#include "tsgen/version.hpp"

namespace tsgen {
inline namespace TSGEN_ABI {

/// Why this machine has no GPU of a kind, by its driver's own word; "" when there is one, or a
/// driver that fails: then it is not the machine that lacks something.
std::string no_nvidia_gpu();
std::string no_amd_gpu();

}  // namespace TSGEN_ABI
}  // namespace tsgen
