// SPDX-License-Identifier: 0BSD
#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "tsgen/dtype.hpp"

namespace tsgen {
inline namespace TSGEN_ABI {

using Shape = std::vector<std::int64_t>;

/// Number of elements; throws Error when a dimension is negative or the product overflows.
std::size_t element_count(const Shape& shape);

/// "float32[2,1000]"
std::string describe(DType dtype, const Shape& shape);

/// Read-only, contiguous, row-major numbers in CPU memory. Copies share the memory.
class Tensor {
 public:
  /// `data` keeps the memory alive: an output's owner is LibTorch's own tensor.
  Tensor(DType dtype, Shape shape, std::shared_ptr<const void> data);

  /// A view of the caller's memory, which must outlive it.
  static Tensor view(DType dtype, Shape shape, const void* data);

  DType dtype() const noexcept { return dtype_; }
  const Shape& shape() const noexcept { return shape_; }
  std::size_t size() const noexcept { return size_; }
  std::size_t bytes() const noexcept { return size_ * item_size(dtype_); }
  const void* data() const noexcept { return data_.get(); }

  /// Throws Error when T is not the tensor's dtype.
  template <typename T>
  const T* data_as() const {
    require(dtype_of<T>);
    return static_cast<const T*>(data_.get());
  }

 private:
  void require(DType wanted) const;

  DType dtype_;
  Shape shape_;
  std::size_t size_;
  std::shared_ptr<const void> data_;
};

/// An input or output of a call. The name is its path: "x", "images.0", "1.boxes".
struct NamedTensor {
  std::string name;
  Tensor tensor;
};

/// Throws Error when `given` elements cannot fill `shape`.
void require_element_count(const Shape& shape, std::size_t given);

/// The caller's numbers with a shape: the argument type of a typed model. Copies nothing.
template <typename T>
class TensorView {
 public:
  TensorView() = default;
  TensorView(const T* data, Shape shape) : data_(data), shape_(std::move(shape)) {}

  /// From a std::vector, std::array, std::span, ...: anything contiguous that knows its size.
  template <typename Container,
            typename = std::enable_if_t<std::is_convertible_v<
                decltype(std::data(std::declval<const Container&>())), const T*>>>
  TensorView(const Container& values, Shape shape)
      : TensorView(std::data(values), std::move(shape)) {
    require_element_count(shape_, std::size(values));
  }

  const T* data() const noexcept { return data_; }
  const Shape& shape() const noexcept { return shape_; }

  operator Tensor() const { return Tensor::view(dtype_of<T>, shape_, data_); }

 private:
  const T* data_ = nullptr;
  Shape shape_ = Shape{0};
};

/// Numbers that a model answered; owns them (copies share), and is a range of T.
template <typename T>
class TypedTensor {
 public:
  explicit TypedTensor(Tensor tensor) : tensor_(std::move(tensor)), data_(tensor_.data_as<T>()) {}

  const T* data() const noexcept { return data_; }
  const Shape& shape() const noexcept { return tensor_.shape(); }
  std::size_t size() const noexcept { return tensor_.size(); }
  const T* begin() const noexcept { return data_; }
  const T* end() const noexcept { return data_ + size(); }
  const T& operator[](std::size_t index) const noexcept { return data_[index]; }

  operator Tensor() const { return tensor_; }
  operator TensorView<T>() const { return TensorView<T>(data_, shape()); }

 private:
  Tensor tensor_;
  const T* data_;
};

}  // namespace TSGEN_ABI
}  // namespace tsgen
