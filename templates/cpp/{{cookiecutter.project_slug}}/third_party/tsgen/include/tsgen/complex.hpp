// SPDX-License-Identifier: 0BSD
#pragma once

// Apart from dtype.hpp: <complex> takes the compiler longer than all that most models need.
#include <complex>

#include "tsgen/dtype.hpp"

namespace tsgen {
inline namespace TSGEN_ABI {

template <>
struct DTypeOf<std::complex<float>> : DTypeConstant<DType::complex64> {};
template <>
struct DTypeOf<std::complex<double>> : DTypeConstant<DType::complex128> {};

}  // namespace TSGEN_ABI
}  // namespace tsgen
