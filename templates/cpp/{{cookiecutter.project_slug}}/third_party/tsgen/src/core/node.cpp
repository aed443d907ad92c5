// SPDX-License-Identifier: 0BSD
#include "core/node.hpp"

#include <algorithm>
#include <array>

#include "core/text.hpp"

namespace tsgen {
inline namespace TSGEN_ABI {
namespace {

// In the order of Kind.
constexpr std::array<std::string_view, 10> kinds = {
    "tensor", "int", "float", "bool", "str", "record", "tuple", "list", "constant", "none",
};

struct Found {
  const Node* node = nullptr;
  std::size_t index = 0;
};

Found child_of(const std::vector<Node>& siblings, std::string_view key) {
  const auto found = std::find_if(siblings.begin(), siblings.end(),
                                  [&](const Node& node) { return node.key() == key; });
  if (found == siblings.end()) return {};
  return {&*found, static_cast<std::size_t>(found - siblings.begin())};
}

Found element_of(const Node& list, std::string_view part) {
  const auto index = index_from(part);
  if (!index || list.children.empty()) return {};
  return {&list.children.front(), *index};
}

/// Follows a name's parts down the tree; `position` gets the steps.
const Node* follow(const std::vector<Node>& roots, std::string_view name, Position& position) {
  const Node* node = nullptr;
  for (const auto part : split(name, '.')) {
    const bool in_list = node != nullptr && node->kind == Kind::list;
    const auto found = in_list ? element_of(*node, part)
                               : child_of(node != nullptr ? node->children : roots, part);
    if (found.node == nullptr) return nullptr;
    node = found.node;
    position.push_back(found.index);
  }
  return node;
}

/// An element's name with a number for each list: "images.*" -> "images.0".
std::string numbered(const std::string& name, char digit) {
  std::string text;
  for (const auto part : split(name, '.'))
    text += (text.empty() ? "" : ".") + (part == "*" ? std::string(1, digit) : std::string(part));
  return text;
}

void append_names(const Node& node, std::string& names) {
  if (node.is_leaf()) {
    const bool many = node.name.find('*') != std::string::npos;
    names += (names.empty() ? "" : ", ") + numbered(node.name, '0');
    if (many) names += ", " + numbered(node.name, '1') + ", ...";
  }
  for (const auto& child : node.children) append_names(child, names);
}

}  // namespace

std::string_view to_string(Kind kind) { return kinds[static_cast<std::size_t>(kind)]; }

std::optional<Kind> kind_from(std::string_view word) {
  const auto* const found = std::find(kinds.data(), kinds.data() + kinds.size(), word);
  if (found == kinds.data() + kinds.size()) return std::nullopt;
  return static_cast<Kind>(found - kinds.data());
}

std::string_view Node::key() const {
  const auto dot = name.rfind('.');
  return std::string_view(name).substr(dot == std::string::npos ? 0 : dot + 1);
}

std::optional<std::size_t> index_from(std::string_view part) {
  // Far more than any call has; it bounds what a wrong name can cost.
  constexpr std::int64_t limit = 1 << 20;
  const auto index = parse_integer(part);
  if (!index || *index < 0 || *index >= limit || std::to_string(*index) != part)
    return std::nullopt;
  return static_cast<std::size_t>(*index);
}

Position position_of(const std::vector<Node>& roots, std::string_view name) {
  Position position;
  const auto* const node = follow(roots, name, position);
  return node != nullptr && node->is_leaf() ? position : Position();
}

const Node* find_node(const std::vector<Node>& roots, std::string_view name) {
  Position position;
  return follow(roots, name, position);
}

std::string leaf_names(const std::vector<Node>& roots) {
  std::string names;
  for (const auto& root : roots) append_names(root, names);
  return names.empty() ? "none" : names;
}

std::string join_dims(const Node& node) {
  std::string text = node.any_shape ? "?" : "";
  for (const auto& dim : node.shape) {
    if (!text.empty()) text += ',';
    text += dim.is_fixed() ? std::to_string(dim.size) : dim.name;
  }
  return text;
}

std::string describe(const Node& node) {
  std::string text(to_string(node.kind));
  if (node.kind == Kind::tensor)
    text = std::string(to_string(node.dtype)) + '[' + join_dims(node) + ']';
  if (node.kind == Kind::none) text = "None";
  if (node.kind == Kind::constant) text = node.type + " " + node.value + ", always";
  if (node.kind == Kind::record && !node.type.empty()) text += ' ' + node.type;
  return text + (node.optional ? ", optional" : "");
}

}  // namespace TSGEN_ABI
}  // namespace tsgen
