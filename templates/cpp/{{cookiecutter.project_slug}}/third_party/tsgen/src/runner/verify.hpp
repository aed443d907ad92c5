// SPDX-License-Identifier: 0BSD
#pragma once

#include <string>
#include <vector>

#include "runner/compare.hpp"
#include "runner/demand.hpp"
#include "runner/options.hpp"

#include "tsgen/version.hpp"

namespace tsgen {
inline namespace TSGEN_ABI {

struct OutputReport {
  std::string name;
  DType dtype;
  Shape shape;
  Comparison comparison;
};

struct CaseReport {
  std::string name;
  std::string method;
  double milliseconds = 0;
  std::vector<OutputReport> outputs;
};

struct VerifyReport {
  std::string model;
  Device device;
  int threads = 1;
  Demand demand;
  bool passed = true;
  std::vector<CaseReport> cases;
};

/// Replays every case and compares with what Python saved. A model that keeps state must be as it
/// was loaded.
VerifyReport verify(const Model& model, const std::filesystem::path& file, const Options& options);

}  // namespace TSGEN_ABI
}  // namespace tsgen
