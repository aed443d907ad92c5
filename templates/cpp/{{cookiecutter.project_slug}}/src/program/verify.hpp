#pragma once

#include <string>
#include <vector>

#include "program/compare.hpp"
#include "program/demand.hpp"
#include "program/options.hpp"

namespace {{ cookiecutter.__identifier }} {

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
VerifyReport verify(const Runtime& runtime, const std::filesystem::path& model,
                    const Options& options);

}  // namespace {{ cookiecutter.__identifier }}
