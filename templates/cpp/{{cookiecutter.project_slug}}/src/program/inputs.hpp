#pragma once

#include <vector>

#include "{{ cookiecutter.project_slug }}/signature.hpp"
#include "{{ cookiecutter.project_slug }}/tensor.hpp"

#include "program/options.hpp"

namespace {{ cookiecutter.__identifier }} {

/// The files given with --input; without any, ones of the example's sizes: two elements for a list,
/// an empty str, nothing for what is optional. A number or text that is not given is Python's
/// default, if it has one. Whether they fit, the Runtime checks.
std::vector<NamedTensor> make_inputs(const Options& options, const Entry& entry);

}  // namespace {{ cookiecutter.__identifier }}
