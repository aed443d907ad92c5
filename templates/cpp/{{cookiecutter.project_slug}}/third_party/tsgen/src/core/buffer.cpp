// SPDX-License-Identifier: 0BSD
#include "core/buffer.hpp"

#include <array>
#include <cstring>
#include <vector>

namespace tsgen {
inline namespace TSGEN_ABI {
namespace {

struct alignas(64) Block {
  std::array<std::byte, 64> bytes;
};

}  // namespace

std::shared_ptr<std::byte> make_buffer(std::size_t bytes) {
  // One block more than needed, so that an empty tensor has an address too.
  const auto blocks = std::make_shared<std::vector<Block>>(bytes / sizeof(Block) + 1);
  return {blocks, blocks->front().bytes.data()};
}

Tensor copy_of(const Tensor& tensor) {
  auto buffer = make_buffer(tensor.bytes());
  if (tensor.bytes() > 0) std::memcpy(buffer.get(), tensor.data(), tensor.bytes());
  return Tensor(tensor.dtype(), tensor.shape(), std::move(buffer));
}

}  // namespace TSGEN_ABI
}  // namespace tsgen
