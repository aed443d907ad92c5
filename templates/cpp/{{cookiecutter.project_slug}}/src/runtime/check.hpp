#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "{{ cookiecutter.project_slug }}/signature.hpp"
#include "{{ cookiecutter.project_slug }}/tensor.hpp"

namespace {{ cookiecutter.__identifier }} {

/// Throws Error unless the inputs are what the signature says: TorchScript itself answers a wrong
/// shape with forty lines of interpreter trace, or with wrong numbers.
void check_inputs(const Signature& signature, const std::vector<Tensor>& inputs);

/// Throw Error unless the model answered what its signature promises. Sizes are not compared:
/// which of an output's are fixed is known from examples only.
void check_output_count(std::size_t wanted, std::size_t found);
void check_output(const Leaf& leaf, const Tensor& output);

/// Throws Error unless the two signatures' leaf_lines() are equal.
void check_same_leaves(std::string_view wanted, std::string_view found);

}  // namespace {{ cookiecutter.__identifier }}
