// SPDX-License-Identifier: 0BSD
#include "core/sizes.hpp"

#include <string>

#include "tsgen/error.hpp"

#include "core/text.hpp"

namespace tsgen {
inline namespace TSGEN_ABI {
namespace {

Error unreadable(const std::string& problem) {
  return Error("the signature inside the model cannot be read: " + problem,
               "export the model again with tsgen");
}

void require(const std::vector<std::string_view>& fields, std::size_t count) {
  if (fields.size() >= count) return;
  throw unreadable("a line \"" + std::string(fields.front()) + "\" is too short");
}

}  // namespace

NamedSize parse_named_size(const std::vector<std::string_view>& fields) {
  require(fields, 3);
  const auto size = parse_integer(fields[2]);
  if (!size || *size < 0)
    throw unreadable("the size of dimension " + std::string(fields[1]) + " is no number");
  return {std::string(fields[1]), *size};
}

SizeRange parse_range(const std::vector<std::string_view>& fields) {
  require(fields, 4);
  const auto least = parse_integer(fields[2]);
  const auto largest = parse_integer(fields[3]);
  if (!least || (!largest && !fields[3].empty()))
    throw unreadable("the range of dimension " + std::string(fields[1]) + " is no two numbers");
  return {std::string(fields[1]), *least, largest.value_or(SizeRange().largest)};
}

}  // namespace TSGEN_ABI
}  // namespace tsgen
