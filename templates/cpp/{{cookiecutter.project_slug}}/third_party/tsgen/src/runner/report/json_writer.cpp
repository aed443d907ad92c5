// SPDX-License-Identifier: 0BSD
#include "runner/report/json_writer.hpp"

#include <cmath>
#include <limits>

#include "core/numbers.hpp"
#include "core/utf8.hpp"

namespace tsgen {
inline namespace TSGEN_ABI {
namespace {

std::string escaped(char c) {
  constexpr std::string_view hex = "0123456789abcdef";
  if (c == '"' || c == '\\') return std::string{'\\', c};
  const auto byte = static_cast<unsigned char>(c);
  if (byte >= 0x20 && byte != 0x7F) return std::string(1, c);
  return std::string("\\u00") + hex[byte >> 4U] + hex[byte & 15U];
}

}  // namespace

std::string to_json(bool value) { return value ? "true" : "false"; }
std::string to_json(int value) { return std::to_string(value); }
std::string to_json(std::int64_t value) { return std::to_string(value); }
std::string to_json(std::size_t value) { return std::to_string(value); }
std::string to_json(double value) {
  return std::isfinite(value) ? exact(value, std::numeric_limits<double>::max_digits10) : "null";
}
std::string to_json(std::string_view value) {
  // A path on Linux is any bytes: what is not UTF-8 becomes U+FFFD, to keep the document valid.
  std::string text;
  while (!value.empty()) {
    const auto size = character_size(value);
    if (size == 0) text += "\\ufffd";
    if (size == 1) text += escaped(value[0]);
    if (size > 1) text += value.substr(0, size);
    value.remove_prefix(size == 0 ? 1 : size);
  }
  return '"' + text + '"';
}
std::string to_json(const char* value) { return to_json(std::string_view(value)); }
std::string to_json(const std::string& value) { return to_json(std::string_view(value)); }
std::string to_json(std::nullptr_t) { return "null"; }
std::string to_json(const Shape& values) {
  return json_array(values, [](std::int64_t value) { return value; }).text;
}
std::string to_json(const JsonObject& object) { return object.text(); }

}  // namespace TSGEN_ABI
}  // namespace tsgen
