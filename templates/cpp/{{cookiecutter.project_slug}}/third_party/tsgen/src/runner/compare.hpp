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

/// Python's output in float64, and how far from it the program's may lie.
struct Reference {
  const Tensor& tensor;
  double limit = 0;
};

/// How far two outputs lie from float64's, over the places where all three are finite.
struct Errors {
  double ours = 0;
  double python = 0;
  double limit = 0;
};

/// How C++'s output differs from Python's.
struct Comparison {
  bool passed = true;
  double max_abs = 0;  ///< Over the places where both are finite.
  double max_rel = 0;  ///< Over those of them where Python's number is not zero.
  std::size_t mismatches = 0;
  std::optional<Shape> index;  ///< The first place that fails, and the two numbers there.
  std::string expected;
  std::string actual;
  std::optional<Errors> errors;  ///< Of what is judged by its distance from float64.
  std::string problem;           ///< In words, when the two cannot be compared place by place.
};

/// Without a tolerance the numbers must be equal. Whole numbers and bools always must be, and NaN
/// and infinities must be at the same places.
Comparison compare(const Tensor& expected, const Tensor& actual,
                   const std::optional<Tolerance>& tolerance);

/// The same for an output that is judged by its distance from float64: where Python's number is
/// finite, C++'s must be within the limit of the reference's. Throws Error when the reference is
/// none of `expected`.
Comparison compare(const Tensor& expected, const Tensor& actual, const Reference& reference);

}  // namespace TSGEN_ABI
}  // namespace tsgen
