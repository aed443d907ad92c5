// SPDX-License-Identifier: 0BSD
#pragma once

#include "tsgen/example.hpp"

namespace tsgen {
inline namespace TSGEN_ABI {

/// Python's default of a number or text that has one.
Tensor default_of(const Node& node);

}  // namespace TSGEN_ABI
}  // namespace tsgen
