// SPDX-License-Identifier: 0BSD
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tsgen/signature.hpp"
#include "tsgen/tensor.hpp"

namespace tsgen {
inline namespace TSGEN_ABI {

struct Tolerance {
  double relative = 0;
  double absolute = 0;
};

struct CaseName {
  std::string name;
  std::string method = "forward";  ///< The one that it calls.
};

/// What Python noted when it saved the cases.
struct CaseIndex {
  std::string torch_version;
  std::string cpu;  ///< Identity of the CPU that computed the outputs; "" when unknown.
  int threads = 1;
  bool exact = false;  ///< The exported module equals eager bit for bit, in Python.
  bool sequence =
      false;  ///< Each case goes on from the state in which the one before left the model.
  std::map<DType, Tolerance> tolerances;
  /// By method and output: how far Python's own answer may lie from that of float64.
  std::map<std::pair<std::string, std::string>, double> floors;
  std::vector<CaseName> cases;
};

/// Inputs and Python's outputs, of the files that are there.
struct Case {
  CaseName name;
  std::vector<NamedTensor> inputs;
  std::vector<NamedTensor> outputs;
  std::vector<NamedTensor>
      references;  ///< Python's outputs in float64, of those that have a floor.
};

CaseIndex parse_case_index(std::string_view text);

/// Both throw Error when a file is missing or wrong.
CaseIndex read_case_index(const std::filesystem::path& folder);
Case read_case(const std::filesystem::path& folder, const CaseName& name,
               const Signature& signature);

}  // namespace TSGEN_ABI
}  // namespace tsgen
