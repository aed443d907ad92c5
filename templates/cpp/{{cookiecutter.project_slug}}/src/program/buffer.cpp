#include "program/buffer.hpp"

#include <cstring>
#include <vector>

namespace {{ cookiecutter.__identifier }} {
namespace {

struct alignas(64) Block {
  std::byte bytes[64];
};

}  // namespace

std::shared_ptr<std::byte> make_buffer(std::size_t bytes) {
  // One block more than needed, so that an empty tensor has an address too.
  const auto blocks = std::make_shared<std::vector<Block>>(bytes / sizeof(Block) + 1);
  return {blocks, blocks->front().bytes};
}

Tensor copy_of(const Tensor& tensor) {
  auto buffer = make_buffer(tensor.bytes());
  if (tensor.bytes() > 0) std::memcpy(buffer.get(), tensor.data(), tensor.bytes());
  return Tensor(tensor.dtype(), tensor.shape(), std::move(buffer));
}

}  // namespace {{ cookiecutter.__identifier }}
