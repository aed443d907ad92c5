// SPDX-License-Identifier: 0BSD
#pragma once

#include <cstddef>
#include <vector>

#include "tsgen/signature.hpp"
#include "tsgen/tensor.hpp"

namespace tsgen {
inline namespace TSGEN_ABI {

/// A node with what a call gives for it.
struct Slot {
  const Node* node = nullptr;
  const Tensor* tensor = nullptr;  ///< A leaf's.
  std::size_t children = 0;        ///< How many of a group's follow, each with its own children.
  bool present = true;  ///< Whether an optional value is there; it has no children if not.
  /// A leaf's: whether the model may see the caller's memory itself, and not a copy.
  bool lend = true;
};

/// The call's values in preorder, an element's node once for each element. Throws Error unless the
/// inputs are what the signature says: TorchScript itself answers a wrong shape with forty lines of
/// interpreter trace, or with wrong numbers. Inputs may be in any order; the signature's is fastest.
/// Lent is nothing that the call may change, and nothing at all to a model that `has_state`: it may
/// keep what it was given beyond the call.
std::vector<Slot> bind(const Entry& entry, const std::vector<NamedTensor>& inputs, bool has_state);

}  // namespace TSGEN_ABI
}  // namespace tsgen
