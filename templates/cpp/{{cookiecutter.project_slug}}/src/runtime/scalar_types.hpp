#pragma once

#include <c10/core/ScalarType.h>

#include <array>
#include <cstddef>
#include <optional>

#include "{{ cookiecutter.project_slug }}/dtype.hpp"

namespace {{ cookiecutter.__identifier }} {

// In the order of DType.
inline constexpr std::array scalar_types = {
    c10::ScalarType::Byte,     c10::ScalarType::Char,         c10::ScalarType::Short,
    c10::ScalarType::Int,      c10::ScalarType::Long,         c10::ScalarType::Half,
    c10::ScalarType::BFloat16, c10::ScalarType::Float,        c10::ScalarType::Double,
    c10::ScalarType::Bool,     c10::ScalarType::ComplexFloat, c10::ScalarType::ComplexDouble,
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

}  // namespace {{ cookiecutter.__identifier }}
