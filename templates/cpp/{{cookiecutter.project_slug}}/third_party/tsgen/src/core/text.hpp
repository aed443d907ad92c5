// SPDX-License-Identifier: 0BSD
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "tsgen/version.hpp"

namespace tsgen {
inline namespace TSGEN_ABI {

// Reading text without regard to the locale: a German desktop must not turn 0.5 into 0.

/// The parts between separators; "" has one empty part.
std::vector<std::string_view> split(std::string_view text, char separator);

/// Lines without their "\n" or "\r\n".
std::vector<std::string_view> split_lines(std::string_view text);

std::string_view trim(std::string_view text);

/// The whole text as a number, or nothing.
std::optional<std::int64_t> parse_integer(std::string_view text);
std::optional<double> parse_real(std::string_view text);
/// Also inf, -inf and nan.
std::optional<double> parse_any_real(std::string_view text);

}  // namespace TSGEN_ABI
}  // namespace tsgen
