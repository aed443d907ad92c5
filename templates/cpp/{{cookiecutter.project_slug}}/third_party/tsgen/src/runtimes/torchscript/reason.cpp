// SPDX-License-Identifier: 0BSD
#include "runtimes/torchscript/reason.hpp"

#include "core/text.hpp"

namespace tsgen {
inline namespace TSGEN_ABI {
namespace {

/// "ValueError: the reason" -> "the reason"; nothing for other lines.
std::string_view after_error_name(std::string_view line) {
  const auto colon = line.find("Error: ");
  if (colon == std::string_view::npos || line.substr(0, colon).find(' ') != std::string_view::npos)
    return {};
  return line.substr(colon + 7);
}

/// Ours is better: LibTorch goes on for lines about miniz, or points to code that does not follow.
std::string_view without_advice(std::string_view reason) {
  reason = reason.substr(0, reason.find(". This is an internal"));
  if (!reason.empty() && (reason.back() == ':' || reason.back() == '.')) reason.remove_suffix(1);
  return reason;
}

}  // namespace

std::string first_reason(std::string_view message) {
  std::string_view first;
  std::string_view raised;
  for (const auto untrimmed : split_lines(message)) {
    const auto line = trim(untrimmed);
    if (first.empty()) first = line;
    if (const auto text = after_error_name(line); !text.empty()) raised = text;
  }
  return std::string(without_advice(raised.empty() ? first : raised));
}

}  // namespace TSGEN_ABI
}  // namespace tsgen
