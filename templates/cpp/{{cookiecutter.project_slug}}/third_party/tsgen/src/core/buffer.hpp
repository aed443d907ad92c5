// SPDX-License-Identifier: 0BSD
#pragma once

#include <cstddef>
#include <memory>

#include "tsgen/tensor.hpp"

namespace tsgen {
inline namespace TSGEN_ABI {

/// Zeroed memory, aligned as LibTorch aligns its own: the last bit of a result may depend on it.
std::shared_ptr<std::byte> make_buffer(std::size_t bytes);

/// A tensor with memory of its own.
Tensor copy_of(const Tensor& tensor);

}  // namespace TSGEN_ABI
}  // namespace tsgen
