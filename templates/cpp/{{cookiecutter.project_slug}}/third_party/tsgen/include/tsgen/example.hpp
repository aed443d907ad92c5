// SPDX-License-Identifier: 0BSD
#pragma once

#include <cstddef>
#include <iosfwd>
#include <vector>

#include "tsgen/arguments.hpp"
#include "tsgen/signature.hpp"
#include "tsgen/tensor.hpp"

namespace tsgen {
inline namespace TSGEN_ABI {

// What a first program needs: something to call a model with, and to see what it answered.

/// Inputs of the example's sizes, all ones, for a method: two elements for a list, an empty str,
/// Python's default where it has one, nothing for what is optional. Throws Error when an input may
/// have any shape.
std::vector<NamedTensor> ones(const Entry& entry);
inline std::vector<NamedTensor> ones(const Signature& signature) {
  return ones(signature.forward());
}

/// "output float32[1,1000]: 0.5888 -1.2 3.4", with so many of its values at most, and an end of line.
void print(std::ostream& out, const NamedTensor& output, std::size_t values = 5);

/// The same for each leaf of a typed model's answer.
template <typename Outputs>
void print(std::ostream& out, const Outputs& outputs, std::size_t values = 5) {
  for (const auto& output : leaves_of(outputs)) print(out, output, values);
}

}  // namespace TSGEN_ABI
}  // namespace tsgen
