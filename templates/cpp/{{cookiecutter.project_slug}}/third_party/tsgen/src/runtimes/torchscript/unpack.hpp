// SPDX-License-Identifier: 0BSD
#pragma once

// A part of model.cpp in a file of its own, like pack.hpp.
#include <ATen/ScalarOps.h>
#include <ATen/core/Tensor.h>
#include <ATen/core/ivalue.h>
#include <ATen/core/jit_type.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tsgen/error.hpp"
#include "tsgen/signature.hpp"
#include "tsgen/tensor.hpp"

#include "core/check.hpp"
#include "core/text.hpp"
#include "runtimes/torchscript/pack.hpp"
#include "runtimes/torchscript/scalar_types.hpp"

namespace tsgen {
inline namespace TSGEN_ABI {
namespace unpacking {

using Elements = c10::ArrayRef<c10::IValue>;

inline bool is_nothing(const c10::IValue& value) {
  return value.isNone() || (value.isTensor() && !value.toTensor().defined());
}

inline bool is_number(const c10::IValue& value) {
  return value.isInt() || value.isDouble() || value.isBool();
}

inline std::string counted_elements(std::size_t count) {
  return std::to_string(count) + (count == 1 ? " element" : " elements");
}

inline Tensor text_tensor(const std::string& text) {
  const auto owner = std::make_shared<const std::string>(text);
  return Tensor(DType::uint8, {static_cast<std::int64_t>(text.size())},
                std::shared_ptr<const void>(owner, owner->data()));
}

/// A constant's value as the signature writes it, as far as it is a value of that type here.
inline bool same_constant(const Node& node, const c10::IValue& value) {
  if (node.type == "str" && value.isString()) return value.toStringRef() == node.value;
  if (node.type == "bool" && value.isBool())
    return value.toBool() == (node.value == "True" || node.value == "true");
  if (node.type == "int" && value.isInt()) return parse_integer(node.value) == value.toInt();
  if (node.type == "float" && value.isDouble() && value.toDouble() == value.toDouble())
    return parse_real(node.value).value_or(value.toDouble()) == value.toDouble();
  return true;
}

/// Walks through the signature's tree and an answer at once, and keeps the leaves.
class Unpacker {
 public:
  Unpacker(const Entry& entry, const Lent& lent) : entry_(entry), lent_(lent) {}

  std::vector<NamedTensor>& leaves() { return leaves_; }

  void visit(const Node& node, const c10::IValue& value, const std::string& path) {
    if (node.kind == Kind::none) return;
    if (node.kind == Kind::constant) return check_constant(node, value, path);
    if (is_nothing(value)) return check_optional(node, path);
    if (node.is_leaf()) return add(node, value, path);
    if (node.kind == Kind::list) return visit_list(node, value, path);
    if (value.isGenericDict() || value.isObject()) return visit_fields(node, value, path);
    visit_elements(node, elements_of(node, value, path), path);
  }

  /// Every leaf takes the next of the elements.
  void visit_flat(const Node& node, Elements elements, std::size_t& next) {
    if (node.kind == Kind::list)
      throw answer_differs("output " + node.name + " is a list, which a flat answer cannot hold");
    if (node.is_leaf()) {
      if (next == elements.size()) throw answer_differs("it has only " + counted_elements(next));
      visit(node, elements[next++], node.name);
    }
    for (const auto& child : node.children) visit_flat(child, elements, next);
  }

 private:
  static std::string join(const std::string& path, std::string_view key) {
    return (path.empty() ? "" : path + '.') + std::string(key);
  }

  static void check_optional(const Node& node, const std::string& path) {
    if (!node.optional) throw answer_differs("output " + path + " is None");
  }

  static void check_constant(const Node& node, const c10::IValue& value, const std::string& path) {
    if (same_constant(node, value)) return;
    throw answer_differs("output " + path + " is another value than " + node.value);
  }

  [[noreturn]] static void fail(const Node& node, const c10::IValue& value,
                                const std::string& path) {
    throw answer_differs("output " + path + ": expected " + describe(node) + ", got a " +
                         value.tagKind());
  }

  static std::vector<c10::IValue> elements_of(const Node& node, const c10::IValue& value,
                                              const std::string& path) {
    if (value.isTuple()) return Elements(value.toTupleRef().elements()).vec();
    if (value.isList()) return value.toListRef().vec();
    fail(node, value, path);
  }

  void visit_elements(const Node& node, const std::vector<c10::IValue>& elements,
                      const std::string& path) {
    if (elements.size() != node.children.size())
      throw answer_differs("output " + path + " has " + counted_elements(elements.size()) +
                           ", expected " + std::to_string(node.children.size()));
    for (std::size_t i = 0; i < elements.size(); ++i)
      visit(node.children[i], elements[i], join(path, node.children[i].key()));
  }

  void visit_list(const Node& node, const c10::IValue& value, const std::string& path) {
    const auto elements = elements_of(node, value, path);
    if (node.children.empty() && !elements.empty())
      throw answer_differs("output " + path + " was always empty, and now it is not");
    for (std::size_t i = 0; i < elements.size(); ++i)
      visit(node.children.front(), elements[i], join(path, std::to_string(i)));
  }

  void visit_fields(const Node& node, const c10::IValue& value, const std::string& path) {
    std::size_t found = 0;
    for (const auto& child : node.children) {
      const auto field = field_of(value, child);
      if (field) ++found;
      visit(child, field.value_or(c10::IValue()), join(path, child.key()));
    }
    if (value.isGenericDict() && value.toGenericDict().size() != found)
      throw answer_differs("output " + path + " has keys that it did not have");
  }

  static std::optional<c10::IValue> field_of(const c10::IValue& value, const Node& child) {
    const std::string key(child.key());
    if (value.isObject()) return value.toObjectRef().getAttr(key);
    const auto dict = value.toGenericDict();
    const bool numbers = dict.keyType()->kind() == c10::TypeKind::IntType;
    const auto index = parse_integer(key);
    if (numbers && !index) return std::nullopt;
    const auto found = dict.find(numbers ? c10::IValue(*index) : c10::IValue(key));
    if (found == dict.end()) return std::nullopt;
    return found->value();
  }

  void add(const Node& node, const c10::IValue& value, const std::string& path) {
    leaves_.push_back({path, leaf(node, value, path)});
    check_output(node, leaves_.back(), entry_.dims);
  }

  Tensor leaf(const Node& node, const c10::IValue& value, const std::string& path) const {
    if (node.kind == Kind::string) {
      if (!value.isString()) fail(node, value, path);
      return text_tensor(value.toStringRef());
    }
    if (!value.isTensor() && !is_number(value)) fail(node, value, path);
    auto tensor = value.isTensor() ? value.toTensor() : c10::scalar_to_tensor(value.toScalar());
    if (node.kind != Kind::tensor) tensor = tensor.to(scalar_type_of(node.dtype));
    if (tensor.requires_grad()) tensor = tensor.detach();
    return shared(tensor, path);
  }

  /// Shares the memory of LibTorch's tensor, unless that memory is the caller's own.
  Tensor shared(const at::Tensor& output, const std::string& path) const {
    const auto dtype = dtype_of_scalar_type(output.scalar_type());
    if (!dtype || output.layout() != c10::kStrided)
      throw Error("output " + path +
                      " is a tensor of a kind this program does not know: " + output.toString(),
                  "let the model return ordinary dense tensors");
    auto tensor = output.resolve_conj().resolve_neg().to(c10::kCPU).contiguous();
    if (is_lent(tensor)) tensor = tensor.clone();
    const auto owner = std::make_shared<const at::Tensor>(tensor);
    return Tensor(*dtype, owner->sizes().vec(),
                  std::shared_ptr<const void>(owner, owner->data_ptr()));
  }

  bool is_lent(const at::Tensor& tensor) const {
    return lent_.has_state ||
           std::any_of(lent_.views.begin(), lent_.views.end(),
                       [&](const at::Tensor& view) { return view.is_alias_of(tensor); });
  }

  const Entry& entry_;
  const Lent& lent_;
  std::vector<NamedTensor> leaves_;
};

/// The part of a nested answer that the signature is about.
inline c10::IValue selected(c10::IValue value, const std::vector<std::size_t>& select) {
  for (const auto index : select) {
    if (!value.isTuple() || index >= value.toTupleRef().elements().size())
      throw answer_differs("it has no element " + std::to_string(index));
    value = c10::IValue(value.toTupleRef().elements()[index]);
  }
  return value;
}

inline void unpack_flat(const Node& output, const c10::IValue& answer, Unpacker& unpacker) {
  const auto elements = answer.isTuple() ? Elements(answer.toTupleRef().elements()).vec()
                                         : std::vector<c10::IValue>{answer};
  std::size_t next = 0;
  unpacker.visit_flat(output, elements, next);
  if (next != elements.size())
    throw answer_differs("it has " + counted_elements(elements.size()) + ", expected " +
                         std::to_string(next));
}

}  // namespace unpacking

/// The leaves of a method's answer, in preorder, in CPU memory, none of it lent. Throws Error
/// unless the answer is what the signature says.
inline std::vector<NamedTensor> unpack(const Entry& entry, const c10::IValue& answer,
                                       const Lent& lent) {
  unpacking::Unpacker unpacker(entry, lent);
  if (entry.flat)
    unpacking::unpack_flat(entry.output, answer, unpacker);
  else
    unpacker.visit(entry.output, unpacking::selected(answer, entry.select), entry.output.name);
  return std::move(unpacker.leaves());
}

}  // namespace TSGEN_ABI
}  // namespace tsgen
