// SPDX-License-Identifier: 0BSD
#include "core/bind.hpp"

#include <algorithm>
#include <numeric>
#include <string>
#include <string_view>

#include "tsgen/error.hpp"

#include "core/check.hpp"
#include "core/node.hpp"

namespace tsgen {
inline namespace TSGEN_ABI {
namespace {

using Inputs = std::vector<NamedTensor>;
using Order = std::vector<std::size_t>;

bool is_under(std::string_view name, std::string_view group) {
  return name.size() > group.size() && name[group.size()] == '.' &&
         name.substr(0, group.size()) == group;
}

/// Walks through the signature and the inputs at once, without a look back.
class Walk {
 public:
  Walk(const Entry& entry, const Inputs& inputs, Order order, bool lend)
      : entry_(entry), inputs_(inputs), order_(std::move(order)), lend_(lend) {
    slots_.reserve(inputs.size() + entry.inputs.size());
  }

  /// False when an input is missing here: at its end, or because the order is another one.
  bool fits() {
    for (const auto& root : entry_.inputs)
      if (!visit(root)) return false;
    return next_ == inputs_.size();
  }

  /// What was bound. Throws Error for a size that the model does not take.
  std::vector<Slot> checked_slots() {
    check_ranges(entry_, bounds_);
    return std::move(slots_);
  }

  Error missing() const {
    return Error("input " + missing_ + " is missing: expected " + describe(*missing_node_),
                 "give every input that is not optional: " + leaf_names(entry_.inputs));
  }

 private:
  const NamedTensor& input() const { return inputs_[order_.empty() ? next_ : order_[next_]]; }
  std::string_view name() const {
    return next_ < inputs_.size() ? std::string_view(input().name) : std::string_view();
  }
  /// A node's concrete name. Only in a list is it another than the signature's.
  std::string_view path(const Node& node) const { return lists_ > 0 ? path_ : node.name; }

  bool visit(const Node& node) {
    if (node.is_leaf()) return visit_leaf(node);
    if (node.kind == Kind::constant || node.kind == Kind::none) return absent(node);
    if (node.optional && !is_under(name(), path(node))) return absent(node);
    const auto slot = slots_.size();
    slots_.push_back({&node, nullptr, node.children.size(), true, false});
    return node.kind == Kind::list ? visit_list(node, slot) : visit_fields(node);
  }

  bool absent(const Node& node) {
    slots_.push_back({&node, nullptr, 0, false, false});
    return true;
  }

  bool visit_leaf(const Node& node) {
    if (name() != path(node) || next_ == inputs_.size()) {
      // Tracing has made a parameter of it that has no default.
      if (node.optional && !entry_.flat) return absent(node);
      missing_ = path(node);
      missing_node_ = &node;
      return false;
    }
    check_leaf(node, input(), lists_ == 0 ? &bounds_ : nullptr);
    slots_.push_back({&node, &input().tensor, 0, true, lend_ && !node.written});
    ++next_;
    return true;
  }

  bool visit_fields(const Node& node) {
    const auto size = path_.size();
    for (const auto& child : node.children) {
      if (lists_ > 0) path_.append(1, '.').append(child.key());
      if (!visit(child)) return false;
      path_.resize(size);
    }
    return true;
  }

  bool visit_list(const Node& node, std::size_t slot) {
    if (lists_ == 0) path_ = node.name;
    const auto size = path_.size();
    ++lists_;
    std::size_t count = 0;
    for (; has_element(node, count); ++count) {
      path_.append(1, '.').append(std::to_string(count));
      if (!visit(node.children.front())) return false;
      path_.resize(size);
    }
    if (--lists_ == 0) path_.clear();
    slots_[slot].children = count;
    return true;
  }

  /// Whether the next input belongs to an element from `index` on: those before it may be None.
  bool has_element(const Node& node, std::size_t index) const {
    if (node.children.empty() || !is_under(name(), path_)) return false;
    const auto rest = name().substr(path_.size() + 1);
    const auto given = index_from(rest.substr(0, rest.find('.')));
    return given && *given >= index;
  }

  const Entry& entry_;
  const Inputs& inputs_;
  Order order_;
  bool lend_;
  std::size_t next_ = 0;
  std::vector<Slot> slots_;
  Bounds bounds_;
  std::string path_;
  int lists_ = 0;
  std::string missing_;
  const Node* missing_node_ = nullptr;
};

std::vector<Position> positions_of(const Entry& entry, const Inputs& inputs) {
  std::vector<Position> positions;
  for (const auto& input : inputs) {
    positions.push_back(position_of(entry.inputs, input.name));
    if (positions.back().empty())
      throw Error("the model has no input " + input.name,
                  "its inputs are: " + leaf_names(entry.inputs));
  }
  return positions;
}

/// The order in which the inputs are in preorder; throws Error for unknown and repeated names.
Order preorder(const Entry& entry, const Inputs& inputs) {
  const auto positions = positions_of(entry, inputs);
  Order order(inputs.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return positions[a] < positions[b]; });
  const auto twice = std::adjacent_find(
      order.begin(), order.end(), [&](auto a, auto b) { return positions[a] == positions[b]; });
  if (twice != order.end())
    throw Error("input " + inputs[*twice].name + " is given twice", "give each input once");
  return order;
}

}  // namespace

std::vector<Slot> bind(const Entry& entry, const Inputs& inputs, bool has_state) {
  Walk walk(entry, inputs, {}, !has_state);
  if (walk.fits()) return walk.checked_slots();
  Walk sorted(entry, inputs, preorder(entry, inputs), !has_state);
  if (!sorted.fits()) throw sorted.missing();
  return sorted.checked_slots();
}

}  // namespace TSGEN_ABI
}  // namespace tsgen
