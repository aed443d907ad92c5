// SPDX-License-Identifier: 0BSD
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tsgen/dtype.hpp"
#include "tsgen/tensor.hpp"

namespace tsgen {
inline namespace TSGEN_ABI {

/// A fixed size, or a name: dimensions of one name have one size in all inputs of a call, except
/// in a list, whose elements are free. A dimension of an output may be open: as long as values say.
struct Dimension {
  static constexpr std::string_view open = "?";

  std::string name;
  std::int64_t size = 0;

  bool is_fixed() const noexcept { return name.empty(); }
  bool is_open() const noexcept { return name == open; }
};

/// A dynamic dimension and its size in the example that the model was exported with.
struct NamedSize {
  std::string name;
  std::int64_t size = 0;
};

/// The sizes that a dynamic dimension may have, when they are not all sizes.
struct SizeRange {
  std::string name;
  std::int64_t least = 0;
  std::int64_t largest = std::numeric_limits<std::int64_t>::max();
};

/// What a value is: a leaf that travels as a tensor, a group of values, or nothing that travels.
enum class Kind {
  tensor,
  integer,  ///< A Python int: a tensor int64[].
  real,     ///< A Python float: a tensor float64[].
  boolean,  ///< A Python bool: a tensor bool[].
  string,   ///< A Python str: its UTF-8 bytes, a tensor uint8[length].
  record,   ///< Fields by name: a dict with fixed keys, a NamedTuple, a dataclass.
  tuple,    ///< As many values in every call.
  list,     ///< As many values as there are; its one child describes each of them.
  constant,
  none,
};

/// "tensor", "int", "float", "bool", "str", "record", "tuple", "list", "constant", "none"
std::string_view to_string(Kind kind);

/// A value of a model's inputs or outputs, with what it holds.
struct Node {
  /// Its path: "x", "batch.mask", "0.boxes"; "images.*" stands for every element of a list.
  std::string name;
  Kind kind = Kind::tensor;
  bool optional = false;         ///< It may be left out: None in Python.
  DType dtype = DType::float32;  ///< Of the tensor that a leaf travels as.
  std::vector<Dimension> shape;  ///< Of that tensor.
  bool any_shape = false;        ///< Even the rank varies from call to call; `shape` is empty then.
  std::string type;   ///< A record's class in Python; int, float, bool or str of a constant.
  std::string value;  ///< A constant's.
  /// Python's default of a number or text that goes in, spelt as a constant is: "3", "0.5", "true".
  std::optional<std::string> default_value;
  std::vector<Node> children;
  bool requires_grad = false;  ///< An input that the model differentiates by.
  bool written = false;  ///< An input that the call may change in place: the model gets a copy.

  /// The last part of the name.
  std::string_view key() const;
  /// It travels as one tensor.
  bool is_leaf() const noexcept { return kind <= Kind::string; }
};

/// How a method is called, and what goes in and comes out.
struct Entry {
  std::string name = "forward";
  /// It takes every leaf as a tensor, by position, and answers all leaves in one tuple.
  bool flat = false;
  /// Where in a nested tuple its answer is: {1, 0} is the first element of the second.
  std::vector<std::size_t> select;
  std::vector<NamedSize> dims;
  std::vector<SizeRange> ranges;
  std::vector<Node> inputs;
  Node output = nothing();
  /// What of the model's own memory a call may write: "scratch", "head.grid".
  std::vector<std::string> writes;

 private:
  static Node nothing() {
    Node node;
    node.name = "output";
    node.kind = Kind::none;
    return node;
  }
};

/// A library with operators that LibTorch lacks. The names are whole ones: "torchvision::nms".
struct OperatorLibrary {
  std::string file;                    ///< In the folder ops/ beside the model.
  std::vector<std::string> calls;      ///< Those of its operators that the model calls.
  std::vector<std::string> registers;  ///< Its other ones, as far as they are known.
};

/// A switch of LibTorch's for the whole process: "float32_matmul_precision", "medium".
struct Switch {
  std::string name;
  std::string value;
};

/// What goes into a model and what comes out; travels inside the model file.
struct Signature {
  std::string model;
  std::string method;
  std::string torch_version;
  std::string engine;    ///< Of quantized operators; "" when it does not matter.
  std::string cpu_only;  ///< Why it runs on no other device; "" when nothing is known against it.
  std::string tune;      ///< "freeze" or "optimize": it is made for the CPU, and not bit-exact.
  std::vector<OperatorLibrary> libraries;
  std::vector<Switch> settings;  ///< Set before the model is loaded.
  bool gradients = false;        ///< The model differentiates: LibTorch records what it computes.
  bool sequence = false;         ///< The model keeps state from call to call.
  std::vector<Entry> entries;    ///< forward, then the other methods that can be called.
  /// The lines of the text form that say what goes in and out: two signatures with equal lines are
  /// interchangeable, whatever model, method and version they came from.
  std::string lines;

  const Entry& forward() const { return entries.front(); }
  /// Some call writes the model's own memory, whether later answers show it or not.
  bool has_state() const noexcept;
  /// Throws Error when there is no such method.
  const Entry& entry(std::string_view name) const;
};

/// Reads the text form; throws Error on anything that is not format 2.
Signature parse_signature(std::string_view text);

/// "float32[N,3,224,224]", "int", "list", "record HeadOutput", "str, optional"
std::string describe(const Node& node);

/// The node of a concrete name: "images.*.boxes" for "images.3.boxes". Null when there is none.
const Node* find_node(const std::vector<Node>& roots, std::string_view name);

/// A leaf's shape with the example's sizes for its named dimensions; throws Error when it may have
/// any shape.
Shape example_shape(const Node& input, const Entry& entry);

/// Names as they appear in file names and text formats: bytes outside [A-Za-z0-9._-] as %XX.
std::string encode_name(std::string_view name);
std::string decode_name(std::string_view encoded);

}  // namespace TSGEN_ABI
}  // namespace tsgen
