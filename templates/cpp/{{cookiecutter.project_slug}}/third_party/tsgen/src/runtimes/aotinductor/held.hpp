// SPDX-License-Identifier: 0BSD
#pragma once

#include <string_view>
#include <vector>

#include "tsgen/tensor.hpp"

namespace tsgen {
inline namespace TSGEN_ABI {

/// The tensors that the model keeps from call to call, as they are before the first: the lines
/// "held" of a signature's text. The compiled program takes them before the inputs, and answers them
/// after the outputs: it holds nothing itself. Throws Error for a line that cannot be read.
std::vector<NamedTensor> held_of(std::string_view signature);

}  // namespace TSGEN_ABI
}  // namespace tsgen
