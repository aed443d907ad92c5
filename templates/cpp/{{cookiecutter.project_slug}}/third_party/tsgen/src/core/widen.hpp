// SPDX-License-Identifier: 0BSD
#pragma once

#include <complex>
#include <cstdint>
#include <type_traits>

#include "tsgen/complex.hpp"
#include "tsgen/tensor.hpp"

namespace tsgen {
inline namespace TSGEN_ABI {

// Fifteen dtypes are three kinds of numbers: whole, real and complex. Each widens without loss.

template <typename T>
auto widen(T value) {
  if constexpr (std::is_same_v<T, std::uint64_t>)
    return value;
  else if constexpr (std::is_integral_v<T>)
    return static_cast<std::int64_t>(value);
  else
    return static_cast<double>(value);
}
inline double widen(Half value) { return static_cast<double>(to_float(value)); }
inline double widen(BFloat16 value) { return static_cast<double>(to_float(value)); }
inline std::complex<double> widen(std::complex<float> value) { return value; }
inline std::complex<double> widen(std::complex<double> value) { return value; }

/// The same action for whatever the elements are: action(const T*).
template <typename Action>
auto with_elements(const Tensor& tensor, const Action& action) {
  switch (tensor.dtype()) {
    case DType::uint8:
      return action(tensor.data_as<std::uint8_t>());
    case DType::int8:
      return action(tensor.data_as<std::int8_t>());
    case DType::int16:
      return action(tensor.data_as<std::int16_t>());
    case DType::int32:
      return action(tensor.data_as<std::int32_t>());
    case DType::int64:
      return action(tensor.data_as<std::int64_t>());
    case DType::float16:
      return action(tensor.data_as<Half>());
    case DType::bfloat16:
      return action(tensor.data_as<BFloat16>());
    case DType::float32:
      return action(tensor.data_as<float>());
    case DType::float64:
      return action(tensor.data_as<double>());
    case DType::boolean:
      return action(tensor.data_as<bool>());
    case DType::complex64:
      return action(tensor.data_as<std::complex<float>>());
    case DType::uint16:
      return action(tensor.data_as<std::uint16_t>());
    case DType::uint32:
      return action(tensor.data_as<std::uint32_t>());
    case DType::uint64:
      return action(tensor.data_as<std::uint64_t>());
    case DType::complex128:
      break;
  }
  return action(tensor.data_as<std::complex<double>>());
}

}  // namespace TSGEN_ABI
}  // namespace tsgen
