// SPDX-License-Identifier: 0BSD
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "tsgen/tensor.hpp"

namespace tsgen {
inline namespace TSGEN_ABI {

/// The dict literal at the begin of a .npy file.
struct NpyHeader {
  std::string descr;  ///< "<f4"
  bool fortran_order = false;
  Shape shape;
};

/// Throws Error when the text is not the literal that NumPy writes.
NpyHeader parse_npy_header(std::string_view text);

/// How many characters of four bytes an element of a str array has: 5 for "<U5". Nothing for
/// other descrs.
std::optional<std::size_t> characters_of_descr(const std::string& descr);

/// Throws Error for a descr with no DType, and for big-endian numbers.
DType dtype_of_descr(const std::string& descr);

/// The whole begin of a version 1.0 file: magic, length and literal, padded to 64 bytes.
std::string npy_preamble(DType dtype, const Shape& shape);

}  // namespace TSGEN_ABI
}  // namespace tsgen
