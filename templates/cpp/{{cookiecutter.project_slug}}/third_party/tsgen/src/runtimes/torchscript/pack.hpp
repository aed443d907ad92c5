// SPDX-License-Identifier: 0BSD
#pragma once

// A part of model.cpp in a file of its own, like unpack.hpp: in a translation unit of their own,
// LibTorch's headers would cost another twelve seconds.
#include <ATen/core/Tensor.h>
#include <ATen/core/function_schema.h>
#include <ATen/core/ivalue.h>
#include <ATen/core/jit_type.h>
#include <ATen/ops/from_blob.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "tsgen/error.hpp"
#include "tsgen/signature.hpp"
#include "tsgen/tensor.hpp"

#include "core/bind.hpp"
#include "core/text.hpp"
#include "runtimes/torchscript/scalar_types.hpp"

namespace tsgen {
inline namespace TSGEN_ABI {

/// What an answer must not share memory with.
struct Lent {
  bool has_state = false;  ///< The model may overwrite what it answered: each answer is copied.
  std::vector<at::Tensor> views;  ///< Tensors that view the caller's memory.
};

namespace packing {

using Values = std::vector<c10::IValue>;

template <typename T>
T number(const Tensor& tensor) {
  return *tensor.data_as<T>();
}

inline c10::IValue natural_number(const Node& node, const Tensor& tensor) {
  if (node.kind == Kind::integer) return number<std::int64_t>(tensor);
  if (node.kind == Kind::real) return number<double>(tensor);
  return number<bool>(tensor);
}

/// As Python would: an int is a float where a float is wanted.
inline c10::IValue as_type(const c10::IValue& value, c10::TypeKind kind) {
  if (kind == c10::TypeKind::FloatType && value.isInt()) return static_cast<double>(value.toInt());
  return value;
}

inline std::string text_of(const Tensor& tensor) {
  return {static_cast<const char*>(tensor.data()), tensor.size()};
}

inline bool takes_none(const c10::TypePtr& type) {
  return type->kind() == c10::TypeKind::OptionalType || type->kind() == c10::TypeKind::NoneType;
}

inline Error misfit(const Node& node, const c10::TypePtr& type) {
  return Error("input " + node.name + " is a " + std::string(to_string(node.kind)) +
                   ", but the model takes " + type->annotation_str() + " there",
               "export the model again with tsgen");
}

/// Builds what a schema's types ask for from the slots, one after another.
class Packer {
 public:
  Packer(const std::vector<Slot>& slots, c10::Device device, Lent& lent)
      : slots_(slots), device_(device), lent_(lent) {}

  bool done() const { return next_ == slots_.size(); }
  const Slot& peek() const { return slots_[next_]; }

  c10::IValue take(c10::TypePtr type) {
    const auto& slot = slots_[next_++];
    if (!slot.present) return {};
    while (type->kind() == c10::TypeKind::OptionalType) type = type->containedTypes()[0];
    if (slot.node->kind == Kind::tensor) return tensor(slot);
    if (slot.node->kind == Kind::string) return text_of(*slot.tensor);
    if (slot.node->is_leaf()) return scalar(slot, type->kind());
    return group(slot, type);
  }

  /// The next leaf as a tensor; groups have none of their own.
  void take_flat(Values& values) {
    const auto& slot = slots_[next_++];
    if (slot.tensor != nullptr) values.emplace_back(tensor(slot));
  }

 private:
  at::Tensor tensor(const Slot& slot) {
    const auto& given = *slot.tensor;
    // LibTorch has no tensor of const memory.
    auto* const data = const_cast<void*>(given.data());
    const auto options = at::TensorOptions(scalar_type_of(given.dtype()));
    auto view = at::from_blob(data, given.shape(), options).to(device_);
    if (!slot.lend) view = view.clone();
    if (slot.node->requires_grad) view.requires_grad_();
    if (!slot.lend) return view;
    lent_.views.push_back(view);
    return view;
  }

  c10::IValue scalar(const Slot& slot, c10::TypeKind kind) {
    if (kind == c10::TypeKind::TensorType) return tensor(slot);
    return as_type(natural_number(*slot.node, *slot.tensor), kind);
  }

  c10::IValue group(const Slot& slot, const c10::TypePtr& type) {
    if (type->kind() == c10::TypeKind::DictType) return dict(slot, type);
    if (type->kind() == c10::TypeKind::ListType) return list(slot, type);
    if (type->kind() == c10::TypeKind::TupleType) return tuple(slot, type);
    throw misfit(*slot.node, type);
  }

  c10::IValue dict(const Slot& slot, const c10::TypePtr& type) {
    const auto& key_type = type->containedTypes()[0];
    const auto& value_type = type->containedTypes()[1];
    c10::impl::GenericDict dict(key_type, value_type);
    for (std::size_t i = 0; i < slot.children; ++i) {
      const auto& child = peek();
      const auto value = take(value_type);
      if (!child.present && !takes_none(value_type)) continue;
      dict.insert(key(*child.node, key_type), value);
    }
    return dict;
  }

  static c10::IValue key(const Node& node, const c10::TypePtr& type) {
    if (type->kind() == c10::TypeKind::StringType) return std::string(node.key());
    const auto index = parse_integer(node.key());
    if (type->kind() == c10::TypeKind::IntType && index) return *index;
    throw misfit(node, type);
  }

  c10::IValue list(const Slot& slot, const c10::TypePtr& type) {
    c10::impl::GenericList list(type->containedTypes()[0]);
    for (std::size_t i = 0; i < slot.children; ++i) list.push_back(take(type->containedTypes()[0]));
    return list;
  }

  c10::IValue tuple(const Slot& slot, const c10::TypePtr& type) {
    if (type->containedTypes().size() != slot.children) throw misfit(*slot.node, type);
    Values elements;
    for (const auto& element : type->containedTypes()) elements.push_back(take(element));
    const auto named = type->cast<c10::TupleType>();
    if (named->schema() == nullptr) return c10::ivalue::Tuple::create(std::move(elements));
    return c10::ivalue::Tuple::createNamed(std::move(elements), named);
  }

  const std::vector<Slot>& slots_;
  c10::Device device_;
  Lent& lent_;
  std::size_t next_ = 0;
};

/// Where a root goes: to the argument of its name, else to the one at its position.
inline std::size_t place_of(const Node& root, std::size_t position,
                            const c10::FunctionSchema& schema) {
  const auto named = schema.argumentIndexWithName(root.name);
  const auto place = named ? static_cast<std::size_t>(*named) : position + 1;
  if (place == 0 || place >= schema.arguments().size())
    throw Error("the model takes no input " + root.name, "export the model again with tsgen");
  return place;
}

inline c10::IValue value_without_input(const c10::Argument& argument) {
  if (argument.default_value()) return *argument.default_value();
  if (takes_none(argument.type())) return {};
  throw Error("the model cannot be called without its input " + argument.name(),
              "give it, or export the model again");
}

inline Values pack_nested(const Entry& entry, Packer& packer, const c10::FunctionSchema& schema) {
  const auto& declared = schema.arguments();  // self is the first
  std::vector<bool> given(declared.size());
  Values values(declared.size());
  for (std::size_t i = 0; i < entry.inputs.size(); ++i) {
    const auto place = place_of(entry.inputs[i], i, schema);
    // Left out is None, and only where no None can go Python's default: so it was when it was saved.
    given[place] = packer.peek().present || takes_none(declared[place].type());
    values[place] = packer.take(declared[place].type());
  }
  for (std::size_t place = 1; place < declared.size(); ++place)
    if (!given[place]) values[place] = value_without_input(declared[place]);
  values.erase(values.begin());
  return values;
}

}  // namespace packing

/// A method's arguments, without self: nested as its schema's types want them.
inline std::vector<c10::IValue> pack(const Entry& entry, const std::vector<Slot>& slots,
                                     const c10::FunctionSchema& schema, c10::Device device,
                                     Lent& lent) {
  packing::Packer packer(slots, device, lent);
  if (!entry.flat) return packing::pack_nested(entry, packer, schema);
  std::vector<c10::IValue> values;
  while (!packer.done()) packer.take_flat(values);
  return values;
}

}  // namespace TSGEN_ABI
}  // namespace tsgen
