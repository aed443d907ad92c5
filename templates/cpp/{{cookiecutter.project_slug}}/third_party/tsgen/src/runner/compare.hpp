// SPDX-License-Identifier: 0BSD
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tsgen/tensor.hpp"

#include "runner/cases.hpp"

namespace tsgen {
inline namespace TSGEN_ABI {

/// How C++'s output differs from Python's.
struct Comparison {
  bool passed = true;
  double max_abs = 0;  ///< Over the places where both are finite.
  double max_rel = 0;  ///< Over those of them where Python's number is not zero.
  std::size_t mismatches = 0;
  std::optional<Shape> index;  ///< The first place that fails, and the two numbers there.
  std::string expected;
  std::string actual;
  std::string problem;  ///< In words, when the two cannot be compared place by place.
};

/// Without a tolerance the numbers must be equal. Whole numbers and bools always must be, and NaN
/// and infinities must be at the same places.
Comparison compare(const Tensor& expected, const Tensor& actual,
                   const std::optional<Tolerance>& tolerance);

}  // namespace TSGEN_ABI
}  // namespace tsgen
