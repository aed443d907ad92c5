// SPDX-License-Identifier: 0BSD
#pragma once

#include <c10/core/ScalarType.h>

#include <array>
#include <cstddef>
#include <optional>

#include "tsgen/dtype.hpp"

namespace tsgen {
inline namespace TSGEN_ABI {

// LibTorch before 2.3 has no names for them; the numbers are written into files, so they stay.
inline constexpr auto torch_uint16 = static_cast<c10::ScalarType>(27);
inline constexpr auto torch_uint32 = static_cast<c10::ScalarType>(28);
inline constexpr auto torch_uint64 = static_cast<c10::ScalarType>(29);

// In the order of DType.
inline constexpr std::array scalar_types = {
    c10::ScalarType::Byte,
    c10::ScalarType::Char,
    c10::ScalarType::Short,
    c10::ScalarType::Int,
    c10::ScalarType::Long,
    c10::ScalarType::Half,
    c10::ScalarType::BFloat16,
    c10::ScalarType::Float,
    c10::ScalarType::Double,
    c10::ScalarType::Bool,
    c10::ScalarType::ComplexFloat,
    c10::ScalarType::ComplexDouble,
    torch_uint16,
    torch_uint32,
    torch_uint64,
};

inline c10::ScalarType scalar_type_of(DType dtype) {
  return scalar_types[static_cast<std::size_t>(dtype)];
}

/// Nothing for the types that a Tensor cannot have.
inline std::optional<DType> dtype_of_scalar_type(c10::ScalarType type) {
  for (std::size_t i = 0; i < scalar_types.size(); ++i)
    if (scalar_types[i] == type) return static_cast<DType>(i);
  return std::nullopt;
}

}  // namespace TSGEN_ABI
}  // namespace tsgen
