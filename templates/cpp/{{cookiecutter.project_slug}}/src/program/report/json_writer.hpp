#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "{{ cookiecutter.project_slug }}/tensor.hpp"

namespace {{ cookiecutter.__identifier }} {

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
    text_ += (text_.empty() ? "" : ",") + to_json(key) + ':' + to_json(value);
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
  for (const auto& value : values) text += (text.empty() ? "" : ",") + to_json(convert(value));
  return {'[' + text + ']'};
}

}  // namespace {{ cookiecutter.__identifier }}
