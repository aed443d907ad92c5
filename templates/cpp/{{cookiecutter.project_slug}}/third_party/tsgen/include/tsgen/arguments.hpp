// SPDX-License-Identifier: 0BSD
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "tsgen/error.hpp"
#include "tsgen/tensor.hpp"

namespace tsgen {
inline namespace TSGEN_ABI {

// The values of a call as named tensors. A struct takes part with `void write(Arguments&) const`.

/// A number or a text for which Python has no default: a call is refused in which it was not set.
template <typename T>
class Required {
 public:
  Required() = default;
  Required(T value) : value_(std::move(value)) {}
  /// A std::string from a literal.
  template <typename Text, typename = std::enable_if_t<!std::is_arithmetic_v<T> &&
                                                       std::is_convertible_v<const Text&, T>>>
  Required(const Text& text) : value_(text) {}

  bool is_set() const noexcept { return value_.has_value(); }

  /// Throws Error when it was not set.
  const T& value() const {
    if (value_) return *value_;
    throw Error("an input is not set", "Python has no default for it: give it a value");
  }
  operator const T&() const { return value(); }

 private:
  std::optional<T> value_;
};

/// A call's inputs, leaf by leaf: a leaf's name is the path to it.
class Arguments {
 public:
  Arguments() { leaves_.reserve(8); }

  const std::vector<NamedTensor>& leaves() const noexcept { return leaves_; }

  template <typename T>
  void add(std::string_view key, const TensorView<T>& values) {
    add_leaf(key, values);
  }
  template <typename T>
  void add(std::string_view key, const TypedTensor<T>& values) {
    add_leaf(key, values);
  }

  // Numbers travel as tensors without dimensions, a text as its bytes.
  void add(std::string_view key, std::int64_t number) { add_number(key, number); }
  void add(std::string_view key, double number) { add_number(key, number); }
  void add(std::string_view key, bool flag) { add_number(key, flag); }
  void add(std::string_view key, const std::string& text) {
    const auto size = static_cast<std::int64_t>(text.size());
    add_leaf(key, Tensor::view(DType::uint8, {size}, text.data()));
  }

  template <typename T>
  void add(std::string_view key, const Required<T>& value) {
    if (value.is_set()) return add(key, value.value());
    throw Error("input " + path_ + std::string(key) + " is not set",
                "Python has no default for it: give it a value before the call");
  }

  /// Nothing at all when it is left out.
  template <typename T>
  void add(std::string_view key, const std::optional<T>& value) {
    if (value) add(key, *value);
  }

  template <typename T>
  void add(std::string_view key, const std::vector<T>& list) {
    add_elements(key, list);
  }
  template <typename T, std::size_t N>
  void add(std::string_view key, const std::array<T, N>& list) {
    add_elements(key, list);
  }

  template <typename Struct, typename = decltype(&Struct::write)>
  void add(std::string_view key, const Struct& record) {
    below(key, [&] { record.write(*this); });
  }

  /// The whole of a call's values. One that is no group has the name that a signature gives it.
  template <typename Struct, typename = decltype(&Struct::write)>
  void add_all(const Struct& record) {
    record.write(*this);
  }
  template <typename T>
  void add_all(const std::vector<T>& list) {
    add_each(list);
  }
  template <typename T, std::size_t N>
  void add_all(const std::array<T, N>& list) {
    add_each(list);
  }
  template <typename T>
  void add_all(const std::optional<T>& value) {
    if (value) add_all(*value);
  }
  template <typename T, typename = std::enable_if_t<std::is_arithmetic_v<T>>>
  void add_all(T number, int = 0) {
    add("output", number);
  }
  template <typename T>
  void add_all(const TypedTensor<T>& values) {
    add("output", values);
  }
  void add_all(const std::string& text) { add("output", text); }

 private:
  void add_leaf(std::string_view key, Tensor tensor) {
    std::string name;
    name.reserve(path_.size() + key.size());
    leaves_.push_back({name.append(path_).append(key), std::move(tensor)});
  }

  template <typename T>
  void add_number(std::string_view key, T number) {
    // A copy: a model that works in place must not change what the caller holds constant.
    add_leaf(key, Tensor(dtype_of<T>, {}, std::make_shared<const T>(number)));
  }

  template <typename List>
  void add_elements(std::string_view key, const List& list) {
    below(key, [&] { add_each(list); });
  }

  template <typename List>
  void add_each(const List& list) {
    std::size_t index = 0;
    for (const auto& element : list) add(std::to_string(index++), element);
  }

  template <typename Action>
  void below(std::string_view key, const Action& action) {
    const auto length = path_.size();
    path_.append(key).append(1, '.');
    action();
    path_.resize(length);
  }

  std::vector<NamedTensor> leaves_;
  std::string path_;  ///< Ends with a dot, unless it is empty.
};

/// The leaves of what a typed model answered; they view its numbers and texts.
template <typename Outputs>
std::vector<NamedTensor> leaves_of(const Outputs& outputs) {
  Arguments arguments;
  arguments.add_all(outputs);
  return arguments.leaves();
}
template <typename Outputs>
std::vector<NamedTensor> leaves_of(const Outputs&& temporary) = delete;

}  // namespace TSGEN_ABI
}  // namespace tsgen
