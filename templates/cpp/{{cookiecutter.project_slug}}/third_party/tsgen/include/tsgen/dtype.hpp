// SPDX-License-Identifier: 0BSD
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "tsgen/version.hpp"

namespace tsgen {
inline namespace TSGEN_ABI {

enum class DType {
  uint8,
  int8,
  int16,
  int32,
  int64,
  float16,
  bfloat16,
  float32,
  float64,
  boolean,
  complex64,
  complex128,
  uint16,
  uint32,
  uint64,
};

/// PyTorch's name without "torch.": "float32", "bool".
std::string_view to_string(DType dtype);
std::optional<DType> dtype_from(std::string_view name);
std::size_t item_size(DType dtype);

/// IEEE 754 binary16 and the upper half of a binary32, as raw bits: C++17 has neither type.
struct Half {
  std::uint16_t bits;
};
struct BFloat16 {
  std::uint16_t bits;
};
float to_float(Half value);
float to_float(BFloat16 value);

template <typename T>
struct DTypeOf;
template <DType D>
struct DTypeConstant {
  static constexpr DType value = D;
};
template <>
struct DTypeOf<std::uint8_t> : DTypeConstant<DType::uint8> {};
template <>
struct DTypeOf<std::int8_t> : DTypeConstant<DType::int8> {};
template <>
struct DTypeOf<std::int16_t> : DTypeConstant<DType::int16> {};
template <>
struct DTypeOf<std::int32_t> : DTypeConstant<DType::int32> {};
template <>
struct DTypeOf<std::int64_t> : DTypeConstant<DType::int64> {};
template <>
struct DTypeOf<std::uint16_t> : DTypeConstant<DType::uint16> {};
template <>
struct DTypeOf<std::uint32_t> : DTypeConstant<DType::uint32> {};
template <>
struct DTypeOf<std::uint64_t> : DTypeConstant<DType::uint64> {};
template <>
struct DTypeOf<Half> : DTypeConstant<DType::float16> {};
template <>
struct DTypeOf<BFloat16> : DTypeConstant<DType::bfloat16> {};
template <>
struct DTypeOf<float> : DTypeConstant<DType::float32> {};
template <>
struct DTypeOf<double> : DTypeConstant<DType::float64> {};
template <>
struct DTypeOf<bool> : DTypeConstant<DType::boolean> {};

/// The DType of a C++ type: dtype_of<float> == DType::float32.
template <typename T>
inline constexpr DType dtype_of = DTypeOf<T>::value;

static_assert(sizeof(bool) == 1, "tensors of bool have one byte per element");

}  // namespace TSGEN_ABI
}  // namespace tsgen
