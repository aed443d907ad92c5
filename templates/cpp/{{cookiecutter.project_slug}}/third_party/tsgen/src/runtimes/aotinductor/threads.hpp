// SPDX-License-Identifier: 0BSD
#pragma once

#include "tsgen/version.hpp"

namespace tsgen {
inline namespace TSGEN_ABI {

/// How many threads LibTorch's kernels take in calls of this thread.
int libtorch_threads();

/// Sets it for this thread alone: OpenMP keeps the number by thread.
void set_libtorch_threads(int threads);

}  // namespace TSGEN_ABI
}  // namespace tsgen
