#include "program/report/json_writer.hpp"

#include <cmath>
#include <limits>

#include "program/numbers.hpp"

namespace {{ cookiecutter.__identifier }} {
namespace {

std::string escaped(char c) {
  constexpr std::string_view hex = "0123456789abcdef";
  if (c == '"' || c == '\\') return std::string{'\\', c};
  const auto byte = static_cast<unsigned char>(c);
  if (byte >= 0x20 && byte != 0x7F) return std::string(1, c);
  return std::string("\\u00") + hex[byte >> 4U] + hex[byte & 15U];
}

/// Bytes of the UTF-8 character that the text begins with; 0 when it is none.
std::size_t character_size(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text[0]);
  if (lead < 0x80) return 1;
  const std::size_t size = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < size) return 0;
  for (const char c : text.substr(1, size - 1))
    if ((static_cast<unsigned char>(c) & 0xC0) != 0x80) return 0;
  return size;
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

}  // namespace {{ cookiecutter.__identifier }}
