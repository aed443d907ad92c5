// SPDX-License-Identifier: 0BSD
#pragma once

#include <string>
#include <string_view>

#include "tsgen/version.hpp"

namespace tsgen {
inline namespace TSGEN_ABI {

// Files are somebody's: what they say is shown, and a terminal shall not obey it.

/// With "\x1b" where an escape character was; tab and line feed stay.
std::string harmless(std::string_view text);

/// Harmless, in one line, and without words of thousands of characters.
std::string readable(std::string_view text);

}  // namespace TSGEN_ABI
}  // namespace tsgen
