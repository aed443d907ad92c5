// SPDX-License-Identifier: 0BSD
#include "runtimes/aotinductor/values.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <functional>
#include <optional>
#include <string>
#include <utility>

#include "core/buffer.hpp"
#include "core/check.hpp"

namespace tsgen {
inline namespace TSGEN_ABI {
namespace {

// c10::ScalarType's numbers in the order of DType; they are written into files, so they stay.
constexpr std::array<std::int32_t, 15> dtype_numbers = {0, 1,  2, 3,  4,  5,  15, 6,
                                                        7, 11, 9, 10, 27, 28, 29};

Error unexpected(const std::string& what) {
  return Error("LibTorch does not " + what + " of a tensor", "report it, with the model");
}

void require(std::int32_t status, const char* what) {
  if (status != 0) throw unexpected(what);
}

// ---- In ----

Shape strides_of(const Shape& shape) {
  Shape strides(shape.size(), 1);
  for (std::size_t i = shape.size(); i-- > 1;)
    strides[i - 1] = strides[i] * std::max<std::int64_t>(shape[i], 1);
  return strides;
}

OwnedTensor view_of(const Tensor& tensor) {
  const auto strides = strides_of(tensor.shape());
  // LibTorch has no tensor of const memory; what the model writes to was copied.
  auto* const data = const_cast<void*>(tensor.data());
  AtenTensorHandle made = nullptr;
  require(aoti_torch_create_tensor_from_blob(
              data, static_cast<std::int64_t>(strides.size()), tensor.shape().data(),
              strides.data(), 0, dtype_numbers[static_cast<std::size_t>(tensor.dtype())],
              aoti_torch_device_type_cpu(), 0, &made),
          "make a view");
  return OwnedTensor(made);
}

void append_leaves(const Node& node, std::vector<const Node*>& leaves) {
  if (node.is_leaf()) leaves.push_back(&node);
  for (const auto& child : node.children) append_leaves(child, leaves);
}

// ---- Out ----

/// What the model answered, as it lies in memory.
struct Answered {
  explicit Answered(AtenTensorHandle tensor) {
    std::int64_t rank = 0;
    std::int64_t* sizes = nullptr;
    std::int64_t* steps = nullptr;
    std::int32_t number = 0;
    require(aoti_torch_get_dim(tensor, &rank), "say the rank");
    require(aoti_torch_get_sizes(tensor, &sizes), "say the sizes");
    require(aoti_torch_get_strides(tensor, &steps), "say the strides");
    require(aoti_torch_get_dtype(tensor, &number), "say the dtype");
    require(aoti_torch_get_data_ptr(tensor, &data), "say the place");
    shape.assign(sizes, sizes + rank);
    strides.assign(steps, steps + rank);
    const auto* const found = std::find(dtype_numbers.begin(), dtype_numbers.end(), number);
    if (found != dtype_numbers.end()) dtype = static_cast<DType>(found - dtype_numbers.begin());
  }

  bool is_dense() const {
    const auto dense = strides_of(shape);
    for (std::size_t i = 0; i < shape.size(); ++i)
      if (shape[i] > 1 && strides[i] != dense[i]) return false;
    return true;
  }

  void* data = nullptr;
  Shape shape;
  Shape strides;
  std::optional<DType> dtype;
};

bool lies_in(const void* place, const Tensor& tensor) {
  const auto* const begin = static_cast<const char*>(tensor.data());
  const std::less<> before;
  const auto* const at = static_cast<const char*>(place);
  return !before(at, begin) && before(at, begin + std::max<std::size_t>(tensor.bytes(), 1));
}

/// Goes through the elements in row-major order.
Tensor dense_copy(const Answered& found, DType dtype) {
  const auto count = element_count(found.shape);
  const auto item = item_size(dtype);
  auto buffer = make_buffer(count * item);
  if (found.is_dense()) {
    if (count > 0) std::memcpy(buffer.get(), found.data, count * item);
    return Tensor(dtype, found.shape, std::move(buffer));
  }
  Shape index(found.shape.size(), 0);
  const auto* from = static_cast<const char*>(found.data);
  for (std::size_t i = 0; i < count; ++i) {
    std::memcpy(buffer.get() + i * item, from, item);
    for (auto axis = index.size(); axis-- > 0;) {
      const auto step = found.strides[axis] * static_cast<std::int64_t>(item);
      from += step;
      if (++index[axis] < found.shape[axis]) break;
      from -= step * found.shape[axis];
      index[axis] = 0;
    }
  }
  return Tensor(dtype, found.shape, std::move(buffer));
}

/// Keeps what holds an answer's memory.
struct Owner {
  OwnedTensor tensor;
  std::shared_ptr<const Container> container;
};

Tensor answer_of(const Node& node, OwnedTensor tensor, const std::vector<Tensor>& inputs,
                 const std::shared_ptr<const Container>& container) {
  if (tensor == nullptr) throw answer_differs("output " + node.name + " is missing");
  const Answered found(tensor.get());
  if (!found.dtype)
    throw Error("output " + node.name + " has a dtype that this program does not know",
                "let the model return ordinary dense tensors");
  const bool foreign = std::any_of(inputs.begin(), inputs.end(),
                                   [&](const Tensor& input) { return lies_in(found.data, input); });
  if (foreign || !found.is_dense()) return dense_copy(found, *found.dtype);
  if (element_count(found.shape) == 0) return Tensor(*found.dtype, found.shape, make_buffer(0));
  const auto owner = std::make_shared<const Owner>(Owner{std::move(tensor), container});
  return Tensor(*found.dtype, found.shape, std::shared_ptr<const void>(owner, found.data));
}

}  // namespace

CallTensors arguments_of(const std::vector<NamedTensor>& held, const std::vector<Slot>& slots) {
  CallTensors made;
  for (const auto& one : held) {
    made.memory.push_back(one.tensor);
    made.tensors.push_back(view_of(one.tensor));
  }
  for (const auto& slot : slots) {
    if (slot.tensor == nullptr) continue;
    made.memory.push_back(slot.lend ? *slot.tensor : copy_of(*slot.tensor));
    made.tensors.push_back(view_of(made.memory.back()));
  }
  return made;
}

std::vector<NamedTensor> taken(const std::vector<NamedTensor>& held,
                               std::vector<OwnedTensor>& answered) {
  std::vector<NamedTensor> kept;
  const auto first = answered.size() - held.size();
  for (std::size_t i = 0; i < held.size(); ++i) {
    const auto& before = held[i].tensor;
    if (answered[first + i] == nullptr) throw answer_differs("what it keeps is missing");
    const Answered found(answered[first + i].get());
    if (found.dtype != before.dtype() || found.shape != before.shape())
      throw answer_differs("what it keeps as " + held[i].name + " is no longer " +
                           describe(before.dtype(), before.shape()));
    kept.push_back({held[i].name, dense_copy(found, before.dtype())});
  }
  answered.resize(first);
  return kept;
}

std::vector<const Node*> leaves_of(const Node& root) {
  std::vector<const Node*> leaves;
  append_leaves(root, leaves);
  return leaves;
}

std::vector<const Node*> leaves_of(const std::vector<Node>& roots) {
  std::vector<const Node*> leaves;
  for (const auto& root : roots) append_leaves(root, leaves);
  return leaves;
}

std::vector<NamedTensor> answers(const Entry& entry, std::vector<OwnedTensor> tensors,
                                 const std::vector<Tensor>& inputs,
                                 const std::shared_ptr<const Container>& container) {
  std::vector<NamedTensor> named;
  const auto leaves = leaves_of(entry.output);
  for (std::size_t i = 0; i < leaves.size(); ++i) {
    named.push_back(
        {leaves[i]->name, answer_of(*leaves[i], std::move(tensors[i]), inputs, container)});
    check_output(*leaves[i], named.back(), entry.dims);
  }
  return named;
}

}  // namespace TSGEN_ABI
}  // namespace tsgen
