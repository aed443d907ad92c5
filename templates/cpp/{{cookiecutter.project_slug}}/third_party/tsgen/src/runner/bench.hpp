// SPDX-License-Identifier: 0BSD
#pragma once

#include "tsgen/model.hpp"

#include "runner/options.hpp"
#include "runner/times.hpp"

namespace tsgen {
inline namespace TSGEN_ABI {

struct BenchReport {
  int calls = 0;
  int threads = 1;
  double first_ms = 0;   ///< The first call of all.
  double second_ms = 0;  ///< The one in which TorchScript optimises the graph.
  Times steady;          ///< Of the calls that are counted, after those to warm up.
  double calls_per_second = 0;
};

/// Times single calls, one after another, from input in CPU memory to output in CPU memory.
BenchReport bench(const Model& model, const Options& options);

}  // namespace TSGEN_ABI
}  // namespace tsgen
