// SPDX-License-Identifier: 0BSD
#include "tsgen/signature.hpp"

#include <algorithm>
#include <optional>

#include "tsgen/error.hpp"

#include "core/node.hpp"
#include "core/sizes.hpp"
#include "core/text.hpp"
#include "core/utf8.hpp"

namespace tsgen {
inline namespace TSGEN_ABI {
namespace {

using Fields = std::vector<std::string_view>;

[[noreturn]] void fail(const std::string& problem) {
  throw Error("the signature inside the model cannot be read: " + problem,
              "export the model again with tsgen");
}

const std::string_view& field(const Fields& fields, std::size_t index) {
  if (index >= fields.size()) fail("a line \"" + std::string(fields.front()) + "\" is too short");
  return fields[index];
}

/// [A-Za-z_][A-Za-z0-9_]*
bool is_identifier(std::string_view text) {
  constexpr auto allowed = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_";
  if (text.empty() || (text[0] >= '0' && text[0] <= '9')) return false;
  return text.find_first_not_of(allowed) == std::string_view::npos;
}

/// In an output "_" is an open dimension: a lone "?" is any shape.
Dimension parse_dimension(std::string_view text, std::string_view side) {
  const auto size = parse_integer(text);
  if (size && *size >= 0) return {"", *size};
  if (!is_identifier(text)) fail("\"" + std::string(text) + "\" is neither a size nor a name");
  return {std::string(text == "_" && side == "output" ? Dimension::open : text), 0};
}

/// A file of the folder ops/: nothing may lead out of it.
std::string parse_library_file(std::string_view file) {
  if (file.empty() || file[0] == '.' || file.find_first_of("/\\:") != std::string_view::npos)
    fail("\"" + std::string(file) + "\" is no name of a library's file");
  return std::string(file);
}

/// "torchvision::nms": LibTorch cannot be asked about a name of another form.
std::string parse_operator(std::string_view name) {
  const auto colons = name.find("::");
  if (colons == std::string_view::npos || !is_identifier(name.substr(0, colons)) ||
      !is_identifier(name.substr(colons + 2)))
    fail("\"" + std::string(name) + "\" is no name of an operator");
  return std::string(name);
}

/// None in a file of an older tsgen, which does not tell them.
std::vector<std::string> parse_operators(const Fields& fields, std::size_t index) {
  std::vector<std::string> names;
  if (index >= fields.size() || fields[index].empty()) return names;
  for (const auto name : split(fields[index], ',')) names.push_back(parse_operator(name));
  return names;
}

OperatorLibrary parse_library(const Fields& fields) {
  return {parse_library_file(field(fields, 2)), parse_operators(fields, 3),
          parse_operators(fields, 4)};
}

std::vector<std::size_t> parse_select(std::string_view text) {
  std::vector<std::size_t> indices;
  for (const auto part : split(text, '.')) {
    const auto index = index_from(part);
    if (!index) fail("\"" + std::string(text) + "\" selects no element of a tuple");
    indices.push_back(*index);
  }
  return indices;
}

// ---- Nodes ----

void set_tensor(const Fields& fields, Node& node) {
  const auto dtype = dtype_from(field(fields, 3));
  if (!dtype) fail("unknown dtype \"" + std::string(fields[3]) + "\"");
  node.dtype = *dtype;
  const auto dims = field(fields, 4);
  node.any_shape = dims == "?";
  if (dims.empty() || node.any_shape) return;
  for (const auto part : split(dims, ',')) node.shape.push_back(parse_dimension(part, fields[0]));
}

/// What a leaf that is no tensor in Python travels as.
void set_scalar(Node& node) {
  if (node.kind == Kind::integer) node.dtype = DType::int64;
  if (node.kind == Kind::real) node.dtype = DType::float64;
  if (node.kind == Kind::boolean) node.dtype = DType::boolean;
  if (node.kind != Kind::string) return;
  node.dtype = DType::uint8;
  node.shape = {Dimension{"length", 0}};
}

bool fits(Kind kind, std::string_view text) {
  if (kind == Kind::integer) return parse_integer(text).has_value();
  if (kind == Kind::real) return parse_any_real(text).has_value();
  if (kind == Kind::boolean) return text == "true" || text == "false";
  return kind == Kind::string && is_utf8(text);
}

/// Python's default, which stands behind the kind of a number or a text.
void set_default(const Fields& fields, Node& node) {
  if (!node.is_leaf() || node.kind == Kind::tensor || fields.size() < 4) return;
  node.default_value = decode_name(fields[3]);
  if (!fits(node.kind, *node.default_value))
    fail("the default of " + node.name + " is no " + std::string(to_string(node.kind)));
}

Node parse_node(const Fields& fields) {
  Node node;
  node.name = decode_name(field(fields, 1));
  auto word = field(fields, 2);
  node.optional = !word.empty() && word.back() == '?';
  if (node.optional) word.remove_suffix(1);
  const auto kind = kind_from(word);
  if (!kind) fail("unknown kind \"" + std::string(word) + "\"");
  node.kind = *kind;
  if (node.kind == Kind::tensor) set_tensor(fields, node);
  if (node.kind == Kind::record && fields.size() > 3) node.type = decode_name(fields[3]);
  if (node.kind == Kind::constant) {
    node.type = field(fields, 3);
    node.value = decode_name(field(fields, 4));
  }
  set_scalar(node);
  set_default(fields, node);
  return node;
}

/// Groups come before their children: whoever a node belongs to is on the tree's right edge.
void attach(Node& root, Node node) {
  const auto dot = node.name.rfind('.');
  const auto parent = dot == std::string::npos ? "" : node.name.substr(0, dot);
  auto* group = &root;
  while (group->name != parent) {
    if (group->children.empty()) fail("the group of \"" + node.name + "\" is missing");
    group = &group->children.back();
  }
  const bool full = group->kind == Kind::list && !group->children.empty();
  if (group->kind < Kind::record || group->kind > Kind::list || full)
    fail("\"" + parent + "\" cannot hold \"" + node.name + "\"");
  group->children.push_back(std::move(node));
}

void add_input(Entry& entry, Node node) {
  if (node.name.find('.') == std::string::npos) return entry.inputs.push_back(std::move(node));
  if (entry.inputs.empty()) fail("the group of \"" + node.name + "\" is missing");
  attach(entry.inputs.back(), std::move(node));
}

void add_output(Entry& entry, Node node) {
  if (entry.output.kind == Kind::none)
    entry.output = std::move(node);
  else
    attach(entry.output, std::move(node));
}

std::string parse_tune(std::string_view word) {
  if (word == "freeze" || word == "optimize") return std::string(word);
  fail("it is tuned by \"" + std::string(word) + "\", which this program cannot do");
}

// ---- Lines ----

/// What belongs to the method of the last line "entry".
void read_entry_line(const Fields& fields, Entry& entry) {
  const auto kind = fields.front();
  if (kind == "call") entry.flat = field(fields, 1) == "flat";
  if (kind == "select") entry.select = parse_select(field(fields, 1));
  if (kind == "dim") entry.dims.push_back(parse_named_size(fields));
  if (kind == "range") entry.ranges.push_back(parse_range(fields));
  if (kind == "writes" && field(fields, 1) == "state")
    entry.writes.push_back(decode_name(field(fields, 2)));
  if (kind == "input") add_input(entry, parse_node(fields));
  if (kind == "output") add_output(entry, parse_node(fields));
}

void read_line(const Fields& fields, Signature& signature) {
  const auto kind = fields.front();
  if (kind == "model") signature.model = field(fields, 1);
  if (kind == "method") signature.method = field(fields, 1);
  if (kind == "torch") signature.torch_version = field(fields, 1);
  if (kind == "engine") signature.engine = field(fields, 1);
  if (kind == "gradients") signature.gradients = field(fields, 1) == "true";
  if (kind == "setting")
    signature.settings.push_back({std::string(field(fields, 1)), std::string(field(fields, 2))});
  if (kind == "cpu_only") signature.cpu_only = field(fields, 1);
  if (kind == "tune") signature.tune = parse_tune(field(fields, 1));
  if (kind == "library") signature.libraries.push_back(parse_library(fields));
  if (kind == "sequence") signature.sequence = field(fields, 1) == "true";
  if (kind == "entry") signature.entries.emplace_back().name = field(fields, 1);
  read_entry_line(fields, signature.entries.back());
}

void require_format(std::string_view line) {
  const auto fields = split(line, '\t');
  if (fields.front() != "tsgen-signature") fail("it does not begin with \"tsgen-signature\"");
  const auto format = field(fields, 1);
  if (format != "2") fail("it has format " + std::string(format) + ", this program reads format 2");
}

void require_known_sizes(const Node& node, const Entry& entry) {
  if (node.kind == Kind::tensor && !node.any_shape) example_shape(node, entry);
  for (const auto& child : node.children) require_known_sizes(child, entry);
}

/// Sets the mark of the inputs of that name; a list's element is named "images.*".
void mark(std::vector<Node>& nodes, std::string_view name, bool Node::* which) {
  for (auto& node : nodes) {
    node.*which = node.*which || node.name == name;
    mark(node.children, name, which);
  }
}

void mark_inputs(std::string_view line, Entry& entry) {
  const auto fields = split(line, '\t');
  if (fields.front() == "writes" && field(fields, 1) == "input")
    mark(entry.inputs, decode_name(field(fields, 2)), &Node::written);
  if (fields.front() == "requires_grad")
    mark(entry.inputs, decode_name(field(fields, 1)), &Node::requires_grad);
}

/// Once all nodes are there: these lines may stand before those that they are about.
void mark_inputs(const std::vector<std::string_view>& lines, Signature& signature) {
  std::size_t entry = 0;
  for (const auto line : lines) {
    if (split(line, '\t').front() == "entry") ++entry;
    mark_inputs(line, signature.entries[entry]);
  }
}

bool says_what_goes_in_or_out(std::string_view kind) {
  return kind == "entry" || kind == "input" || kind == "output";
}

}  // namespace

bool Signature::has_state() const noexcept {
  return sequence || std::any_of(entries.begin(), entries.end(),
                                 [](const Entry& entry) { return !entry.writes.empty(); });
}

const Entry& Signature::entry(std::string_view name) const {
  std::string names;
  for (const auto& one : entries) {
    if (one.name == name) return one;
    names += (names.empty() ? "" : ", ") + one.name;
  }
  throw Error("the model has no method " + std::string(name), "its methods are: " + names);
}

Signature parse_signature(std::string_view text) {
  const auto lines = split_lines(text);
  require_format(lines.front());
  Signature signature;
  signature.entries.emplace_back();
  for (const auto line : lines) {
    const auto fields = split(line, '\t');
    read_line(fields, signature);
    if (says_what_goes_in_or_out(fields.front())) signature.lines += std::string(line) + '\n';
  }
  mark_inputs(lines, signature);
  for (const auto& entry : signature.entries)
    for (const auto& input : entry.inputs) require_known_sizes(input, entry);
  return signature;
}

Shape example_shape(const Node& input, const Entry& entry) {
  if (input.kind == Kind::string) return {0};
  if (input.any_shape)
    throw Error("input " + input.name + " may have any shape, so there is no example of it",
                "give one with --input " + input.name + "=FILE.npy");
  Shape shape;
  for (const auto& dim : input.shape) {
    const auto named = std::find_if(entry.dims.begin(), entry.dims.end(),
                                    [&](const NamedSize& size) { return size.name == dim.name; });
    if (!dim.is_fixed() && named == entry.dims.end())
      fail("dimension " + dim.name + " of input " + input.name + " has no example size");
    shape.push_back(dim.is_fixed() ? dim.size : named->size);
  }
  return shape;
}

}  // namespace TSGEN_ABI
}  // namespace tsgen
