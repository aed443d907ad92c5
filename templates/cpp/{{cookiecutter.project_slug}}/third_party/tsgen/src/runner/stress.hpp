// SPDX-License-Identifier: 0BSD
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>

#include "tsgen/model.hpp"

#include "runner/options.hpp"

namespace tsgen {
inline namespace TSGEN_ABI {

struct StressReport {
  std::string model;
  Device device;
  int callers = 0;        ///< Threads that called at the same time.
  std::size_t calls = 0;  ///< Of all of them together.
  std::size_t wrong = 0;  ///< Those with other answers than one thread alone got, or with an error.
  bool compared = true;   ///< Not for a model that keeps state: its answers depend on the order.
  std::string problem;    ///< The first error; empty when there was none.
};

/// Calls the cases' methods with their inputs from several threads at once, 200 times each and for
/// 0.2 seconds at least, for 5 seconds at most. An answer that was kept while others were computed is compared at the end.
StressReport stress(const Model& model, const std::filesystem::path& file, const Options& options);

}  // namespace TSGEN_ABI
}  // namespace tsgen
