// SPDX-License-Identifier: 0BSD
#pragma once

#include <cstddef>
#include <string>

#include "tsgen/tensor.hpp"

namespace tsgen {
inline namespace TSGEN_ABI {

// Numbers as text, the same under every locale.

/// "0.5888"
std::string fixed(double value, int decimals);

/// As many digits as it takes to read the same number back; "nan", "inf", "-inf".
std::string exact(double value, int digits);

/// One element for a summary ("0.5888") and with all its digits ("0.588778734").
std::string short_text(const Tensor& tensor, std::size_t index);
std::string exact_text(const Tensor& tensor, std::size_t index);

/// The text whose UTF-8 bytes a tensor holds.
std::string text_of(const Tensor& tensor);

/// "1 call", "2 calls"
std::string counted(std::size_t count, const std::string& noun);

}  // namespace TSGEN_ABI
}  // namespace tsgen
