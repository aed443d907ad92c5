// SPDX-License-Identifier: 0BSD
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tsgen/tensor.hpp"

namespace tsgen {
inline namespace TSGEN_ABI {

class JsonObject;

// A value's JSON text.
std::string to_json(bool value);
std::string to_json(int value);
std::string to_json(std::int64_t value);
std::string to_json(std::size_t value);
std::string to_json(double value);  ///< null when not finite: JSON has no other way to say it.
std::string to_json(std::string_view value);
std::string to_json(const char* value);
std::string to_json(const std::string& value);
std::string to_json(std::nullptr_t);
std::string to_json(const Shape& values);
std::string to_json(const JsonObject& object);

/// Keys stay in the order in which they were added.
class JsonObject {
 public:
  template <typename Value>
  JsonObject& add(std::string_view key, const Value& value) {
    if (!text_.empty()) text_ += ',';
    text_.append(to_json(key)).append(1, ':').append(to_json(value));
    return *this;
  }

  std::string text() const { return '{' + text_ + '}'; }

 private:
  std::string text_;
};

/// Text that is JSON already.
struct JsonText {
  std::string text;
};
inline std::string to_json(const JsonText& json) { return json.text; }

template <typename Values, typename Convert>
JsonText json_array(const Values& values, const Convert& convert) {
  std::string text;
  // One after another: g++ 12 warns of `"," + std::string` in C++20, falsely.
  for (const auto& value : values)
    text.append(text.empty() ? "" : ",").append(to_json(convert(value)));
  return {'[' + text + ']'};
}

}  // namespace TSGEN_ABI
}  // namespace tsgen
