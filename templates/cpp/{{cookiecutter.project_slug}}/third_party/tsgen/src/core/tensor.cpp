// SPDX-License-Identifier: 0BSD
#include "tsgen/tensor.hpp"

#include <limits>

#include "tsgen/error.hpp"

namespace tsgen {
inline namespace TSGEN_ABI {

std::size_t element_count(const Shape& shape) {
  // Bytes are counted too, in 64 signed bits: sixteen is the largest item.
  constexpr auto limit = std::numeric_limits<std::ptrdiff_t>::max() / 16;
  std::int64_t count = 1;
  for (const auto size : shape) {
    if (size < 0) throw Error("a tensor's dimension is negative", "check the shape");
    if (size > 0 && count > limit / size)
      throw Error("a tensor's shape is too large for memory", "check the shape");
    count *= size;
  }
  return static_cast<std::size_t>(count);
}

std::string describe(DType dtype, const Shape& shape) {
  std::string text(to_string(dtype));
  text += '[';
  for (std::size_t i = 0; i < shape.size(); ++i) {
    if (i > 0) text += ',';
    text += std::to_string(shape[i]);
  }
  return text + ']';
}

Tensor::Tensor(DType dtype, Shape shape, std::shared_ptr<const void> data)
    : dtype_(dtype),
      shape_(std::move(shape)),
      size_(element_count(shape_)),
      data_(std::move(data)) {
  if (size_ > 0 && data_ == nullptr)
    throw Error(describe(dtype_, shape_) + " has no data", "give the tensor its memory");
}

Tensor Tensor::view(DType dtype, Shape shape, const void* data) {
  // An aliasing pointer to nothing owns nothing.
  return Tensor(dtype, std::move(shape),
                std::shared_ptr<const void>(std::shared_ptr<void>(), data));
}

void Tensor::require(DType wanted) const {
  if (wanted == dtype_) return;
  throw Error("expected a tensor of " + std::string(to_string(wanted)) + ", got " +
                  describe(dtype_, shape_),
              "ask for the element type that the tensor has");
}

void require_element_count(const Shape& shape, std::size_t given) {
  const auto wanted = element_count(shape);
  if (wanted == given) return;
  throw Error("a shape of " + std::to_string(wanted) + " elements cannot view " +
                  std::to_string(given) + " numbers",
              "make the shape's product and the number of elements equal");
}

}  // namespace TSGEN_ABI
}  // namespace tsgen
