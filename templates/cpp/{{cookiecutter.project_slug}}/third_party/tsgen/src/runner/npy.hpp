// SPDX-License-Identifier: 0BSD
#pragma once

#include <cstdint>
#include <filesystem>
#include <iosfwd>

#include "tsgen/tensor.hpp"

namespace tsgen {
inline namespace TSGEN_ABI {

/// Reads a .npy file of version 1.0, 2.0 or 3.0; throws Error that names the file.
Tensor read_npy(const std::filesystem::path& path);
/// The same of a stream from where it stands, with so many bytes to its end; the error has no name.
Tensor read_npy(std::istream& file, std::uintmax_t left);

void write_npy(const std::filesystem::path& path, const Tensor& tensor);

}  // namespace TSGEN_ABI
}  // namespace tsgen
