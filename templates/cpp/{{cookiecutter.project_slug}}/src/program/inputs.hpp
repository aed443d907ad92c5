#pragma once

#include <vector>

#include "{{ cookiecutter.project_slug }}/signature.hpp"
#include "{{ cookiecutter.project_slug }}/tensor.hpp"

#include "program/options.hpp"

namespace {{ cookiecutter.__identifier }} {

/// Ones of the example's sizes for every input, or the files given with --input, in the
/// signature's order. Throws Error for unknown, missing and repeated names.
std::vector<Tensor> make_inputs(const Options& options, const Signature& signature);

}  // namespace {{ cookiecutter.__identifier }}
