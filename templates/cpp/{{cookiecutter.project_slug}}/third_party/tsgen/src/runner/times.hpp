// SPDX-License-Identifier: 0BSD
#pragma once

#include <vector>

#include "tsgen/version.hpp"

namespace tsgen {
inline namespace TSGEN_ABI {

/// Percentiles of calls' times, by nearest rank: each is a time that was measured.
struct Times {
  double p50_ms = 0;
  double p90_ms = 0;
  double p99_ms = 0;
};

/// Of one call at least.
Times times_of(std::vector<double> milliseconds);

}  // namespace TSGEN_ABI
}  // namespace tsgen
