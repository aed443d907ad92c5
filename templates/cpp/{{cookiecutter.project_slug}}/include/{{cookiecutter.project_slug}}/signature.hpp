#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "{{ cookiecutter.project_slug }}/dtype.hpp"
#include "{{ cookiecutter.project_slug }}/tensor.hpp"

namespace {{ cookiecutter.__identifier }} {

/// A fixed size, or a name: dimensions of one name have one size in all inputs of a call, except
/// in a list, whose elements are free.
struct Dimension {
  std::string name;
  std::int64_t size = 0;

  bool is_fixed() const noexcept { return name.empty(); }
};

/// A dynamic dimension and its size in the example that the model was exported with.
struct NamedSize {
  std::string name;
  std::int64_t size = 0;
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
  std::vector<Node> inputs;
  Node output{"output", Kind::none, false, DType::float32, {}, false, "", "", {}, {}};
};

/// What goes into a model and what comes out; travels inside the model file.
struct Signature {
  std::string model;
  std::string method;
  std::string torch_version;
  std::string engine;  ///< Of quantized operators; "" when it does not matter.
  std::vector<std::string>
      libraries;               ///< Files with operators, in the folder ops/ beside the model.
  bool sequence = false;       ///< The model keeps state from call to call.
  std::vector<Entry> entries;  ///< forward, then the other methods that can be called.
  /// The lines of the text form that say what goes in and out: two signatures with equal lines are
  /// interchangeable, whatever model, method and version they came from.
  std::string lines;

  const Entry& forward() const { return entries.front(); }
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

}  // namespace {{ cookiecutter.__identifier }}
