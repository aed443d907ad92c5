// SPDX-License-Identifier: 0BSD
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tsgen/error.hpp"
#include "tsgen/tensor.hpp"

namespace tsgen {
inline namespace TSGEN_ABI {

// The tensors of an answer as values. A struct takes part with `static T read(Answer&)`.

/// A model's answer, read from its first leaf to its last.
class Answer {
 public:
  explicit Answer(std::vector<NamedTensor> leaves) : leaves_(std::move(leaves)) {}

  /// The whole answer as one value.
  template <typename T>
  T read() {
    return group(Kind<T>());
  }

  /// The value under this key, a field or a position; throws Error when it is not there.
  template <typename T>
  T read(std::string_view key) {
    return value(key, Kind<T>());
  }

 private:
  template <typename T>
  struct Kind {};

  // ---- What stands under a key ----

  template <typename T>
  TypedTensor<T> value(std::string_view key, Kind<TypedTensor<T>>) {
    return TypedTensor<T>(take(key));
  }
  std::int64_t value(std::string_view key, Kind<std::int64_t>) { return number<std::int64_t>(key); }
  double value(std::string_view key, Kind<double>) { return number<double>(key); }
  bool value(std::string_view key, Kind<bool>) { return number<bool>(key); }
  std::string value(std::string_view key, Kind<std::string>) {
    const TypedTensor<std::uint8_t> bytes(take(key));
    return std::string(bytes.begin(), bytes.end());
  }

  template <typename T>
  std::optional<T> value(std::string_view key, Kind<std::optional<T>>) {
    if (!has(key)) return std::nullopt;
    return read<T>(key);
  }

  template <typename Group>
  Group value(std::string_view key, Kind<Group> kind) {
    const auto length = path_.size();
    path_.append(key).append(1, '.');
    auto found = group(kind);
    path_.resize(length);
    return found;
  }

  template <typename T>
  T number(std::string_view key) {
    const TypedTensor<T> numbers(take(key));
    if (numbers.size() == 1) return numbers[0];
    throw Error("output " + path_ + std::string(key) + ": expected one number, got " +
                    describe(dtype_of<T>, numbers.shape()),
                export_again);
  }

  // ---- What lies below the path ----

  template <typename Group>
  std::optional<Group> group(Kind<std::optional<Group>>) {
    if (!is_below_path()) return std::nullopt;
    return group(Kind<Group>());
  }

  template <typename Struct>
  Struct group(Kind<Struct>) {
    return Struct::read(*this);
  }

  template <typename T, std::size_t N>
  std::array<T, N> group(Kind<std::array<T, N>>) {
    return elements<T>(std::make_index_sequence<N>());
  }

  template <typename T, std::size_t... Index>
  std::array<T, sizeof...(Index)> elements(std::index_sequence<Index...>) {
    return {read<T>(std::to_string(Index))...};
  }

  template <typename T>
  std::vector<T> group(Kind<std::vector<T>>) {
    std::vector<T> list;
    while (has_element(list.size())) list.push_back(read<T>(std::to_string(list.size())));
    return list;
  }

  // ---- Leaves ----

  /// The next leaf, when it is the one under this key.
  Tensor take(std::string_view key) {
    if (has(key) && leaves_[next_].name.size() == path_.size() + key.size())
      return std::move(leaves_[next_++].tensor);
    throw Error("the model's answer has no output " + path_ + std::string(key), export_again);
  }

  /// Whether the next leaf is the one under this key, or lies below it.
  bool has(std::string_view key) const {
    if (!is_below_path()) return false;
    const auto rest = std::string_view(leaves_[next_].name).substr(path_.size());
    return rest.substr(0, key.size()) == key &&
           (rest.size() == key.size() || rest[key.size()] == '.');
  }

  /// Whether the list at the path has this element, or a later one: those before it have no leaf,
  /// being lists without elements or left out.
  bool has_element(std::size_t index) const {
    if (!is_below_path()) return false;
    std::size_t next = 0;
    for (const auto letter : std::string_view(leaves_[next_].name).substr(path_.size())) {
      if (letter < '0' || letter > '9') break;
      next = next * 10 + static_cast<std::size_t>(letter - '0');
    }
    return next >= index;
  }

  bool is_below_path() const {
    return next_ < leaves_.size() && leaves_[next_].name.compare(0, path_.size(), path_) == 0;
  }

  static constexpr auto export_again = "run tsgen build, which exports the model again";

  std::vector<NamedTensor> leaves_;
  std::size_t next_ = 0;
  std::string path_;  ///< Ends with a dot, unless it is empty.
};

}  // namespace TSGEN_ABI
}  // namespace tsgen
