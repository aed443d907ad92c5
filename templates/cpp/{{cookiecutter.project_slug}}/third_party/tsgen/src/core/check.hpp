// SPDX-License-Identifier: 0BSD
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tsgen/error.hpp"
#include "tsgen/signature.hpp"
#include "tsgen/tensor.hpp"

namespace tsgen {
inline namespace TSGEN_ABI {

/// The size of a named dimension, and the input that set it.
struct Bound {
  std::string_view dimension;
  std::int64_t size;
  std::string_view input;
};
using Bounds = std::vector<Bound>;

/// Throws Error unless the tensor is what the leaf's node says. Its named dimensions are compared
/// with those of the inputs before it, unless `bounds` is null.
void check_leaf(const Node& leaf, const NamedTensor& input, Bounds* bounds);

/// Throws Error for a named dimension whose size is none that the model takes.
void check_ranges(const Entry& entry, const Bounds& bounds);

/// What to throw when the model's answer is not what its signature promises.
Error answer_differs(const std::string& what);

/// Throws Error unless dtype and rank are the signature's, and the fixed sizes of an output that has
/// every dynamic dimension of the inputs, `dims`: another's may be computed from those that it does
/// not have, such as the seventh part of a height, and be fixed in the examples only.
void check_output(const Node& leaf, const NamedTensor& output, const std::vector<NamedSize>& dims);

/// Throws Error unless the two signatures' lines are equal.
void check_same_lines(std::string_view wanted, std::string_view found);

}  // namespace TSGEN_ABI
}  // namespace tsgen
