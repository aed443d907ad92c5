// SPDX-License-Identifier: 0BSD
#include "tsgen/dtype.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <iterator>
#include <limits>

namespace tsgen {
inline namespace TSGEN_ABI {
namespace {

// Both in the order of DType.
constexpr std::array<std::string_view, 15> dtype_names = {
    "uint8",   "int8", "int16",     "int32",      "int64",  "float16", "bfloat16", "float32",
    "float64", "bool", "complex64", "complex128", "uint16", "uint32",  "uint64",
};
constexpr std::array<std::size_t, 15> item_sizes = {1, 1, 2, 4, 8, 2, 2, 4, 8, 1, 8, 16, 2, 4, 8};

}  // namespace

std::string_view to_string(DType dtype) { return dtype_names[static_cast<std::size_t>(dtype)]; }

std::optional<DType> dtype_from(std::string_view name) {
  const auto* const found =
      std::find(dtype_names.data(), dtype_names.data() + dtype_names.size(), name);
  if (found == dtype_names.data() + dtype_names.size()) return std::nullopt;
  return static_cast<DType>(std::distance(dtype_names.data(), found));
}

std::size_t item_size(DType dtype) { return item_sizes[static_cast<std::size_t>(dtype)]; }

float to_float(Half value) {
  const int exponent = (value.bits >> 10) & 0x1F;
  const int fraction = value.bits & 0x3FF;
  const float sign = (value.bits & 0x8000) != 0 ? -1.0F : 1.0F;
  if (exponent == 0) return sign * std::ldexp(static_cast<float>(fraction), -24);
  if (exponent < 0x1F)
    return sign * std::ldexp(static_cast<float>(fraction + 0x400), exponent - 25);
  return fraction != 0 ? std::numeric_limits<float>::quiet_NaN()
                       : sign * std::numeric_limits<float>::infinity();
}

float to_float(BFloat16 value) {
  const std::uint32_t bits = static_cast<std::uint32_t>(value.bits) << 16;
  float result = 0;
  std::memcpy(&result, &bits, sizeof(result));
  return result;
}

}  // namespace TSGEN_ABI
}  // namespace tsgen
