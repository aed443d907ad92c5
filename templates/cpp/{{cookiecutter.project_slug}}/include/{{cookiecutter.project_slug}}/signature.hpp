#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "{{ cookiecutter.project_slug }}/dtype.hpp"
#include "{{ cookiecutter.project_slug }}/tensor.hpp"

namespace {{ cookiecutter.__identifier }} {

/// A fixed size, or a name: dimensions of one name have one size in all inputs of a call.
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

/// One input or output tensor. A nested output's name is its path: "boxes", "0.scores".
struct Leaf {
  std::string name;
  DType dtype = DType::float32;
  std::vector<Dimension> shape;
  bool any_shape = false;  ///< Even the rank varies from call to call; `shape` is empty then.
};

/// What goes into a model and what comes out; travels inside the model file.
struct Signature {
  std::string model;
  std::string method;
  std::string torch_version;
  std::vector<NamedSize> dims;
  std::vector<Leaf> inputs;
  std::vector<Leaf> outputs;
};

/// Reads the text form; throws Error on anything that is not format 1.
Signature parse_signature(std::string_view text);

/// "float32[N,3,224,224]"
std::string describe(const Leaf& leaf);

/// The lines of the text form that say what goes in and out: two signatures with equal lines are
/// interchangeable, whatever model, method and version they came from.
std::string leaf_lines(const Signature& signature);

/// The input's shape with the example's sizes for its named dimensions; throws Error when it may
/// have any shape.
Shape example_shape(const Leaf& input, const Signature& signature);

/// Names as they appear in file names and text formats: bytes outside [A-Za-z0-9._-] as %XX.
std::string encode_name(std::string_view name);
std::string decode_name(std::string_view encoded);

}  // namespace {{ cookiecutter.__identifier }}
