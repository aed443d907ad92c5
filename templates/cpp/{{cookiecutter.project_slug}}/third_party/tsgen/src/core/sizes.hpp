// SPDX-License-Identifier: 0BSD
#pragma once

#include <string_view>
#include <vector>

#include "tsgen/signature.hpp"

namespace tsgen {
inline namespace TSGEN_ABI {

/// "dim N 2", a line of a signature in its fields. Throws Error when it is none.
NamedSize parse_named_size(const std::vector<std::string_view>& fields);

/// "range N 1 64"; without the last there is no largest size. Throws Error when it is none.
SizeRange parse_range(const std::vector<std::string_view>& fields);

}  // namespace TSGEN_ABI
}  // namespace tsgen
