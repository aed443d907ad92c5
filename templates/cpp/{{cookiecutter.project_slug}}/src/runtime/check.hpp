#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "{{ cookiecutter.project_slug }}/error.hpp"
#include "{{ cookiecutter.project_slug }}/signature.hpp"
#include "{{ cookiecutter.project_slug }}/tensor.hpp"

namespace {{ cookiecutter.__identifier }} {

/// The size of a named dimension, and the input that set it.
struct Bound {
  std::string_view dimension;
  std::int64_t size;
  std::string_view input;
};
using Bounds = std::vector<Bound>;

/// Throws Error unless the tensor is what the leaf's node says. Its named dimensions are compared
/// with those of the inputs before it, unless `bounds` is null.
void check_leaf(const Node& leaf, const NamedTensor& input, Bounds* bounds);

/// What to throw when the model's answer is not what its signature promises.
Error answer_differs(const std::string& what);

/// Throws Error unless dtype and rank are the signature's. Sizes are not compared: which of an
/// output's are fixed is known from examples only.
void check_output(const Node& leaf, const NamedTensor& output);

/// Throws Error unless the two signatures' lines are equal.
void check_same_lines(std::string_view wanted, std::string_view found);

}  // namespace {{ cookiecutter.__identifier }}
