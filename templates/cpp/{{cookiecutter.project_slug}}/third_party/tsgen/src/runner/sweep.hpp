// SPDX-License-Identifier: 0BSD
#pragma once

#include <vector>

#include "tsgen/model.hpp"

#include "runner/options.hpp"
#include "runner/times.hpp"

namespace tsgen {
inline namespace TSGEN_ABI {

/// So many threads call the model at once, and each call's operators have so many threads.
struct Setting {
  int callers = 1;
  int threads = 1;
  Times times;                  ///< Of one call.
  double calls_per_second = 0;  ///< Of all callers together.
};

struct SweepReport {
  int calls = 0;  ///< Of each setting, of all callers together.
  std::vector<Setting> settings;

  /// The one with the most calls a second.
  const Setting& best() const;
};

/// 1, 2, 4 and so on below the most, and the most.
std::vector<int> counts_to(int most);

/// Times calls of each number of callers with each number of threads, from one to LibTorch's own
/// choice: threads that each use all of LibTorch's pool are more than the cores.
SweepReport sweep(const Model& model, const Options& options);

}  // namespace TSGEN_ABI
}  // namespace tsgen
