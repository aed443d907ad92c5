// SPDX-License-Identifier: 0BSD
#pragma once

#include <string>
#include <string_view>

#include "tsgen/version.hpp"

namespace tsgen {
inline namespace TSGEN_ABI {

/// The one line of a LibTorch message that a user can act on. TorchScript's own messages are an
/// interpreter trace that ends in "RuntimeError: the reason".
std::string first_reason(std::string_view message);

}  // namespace TSGEN_ABI
}  // namespace tsgen
