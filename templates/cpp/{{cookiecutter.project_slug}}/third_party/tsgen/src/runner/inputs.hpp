// SPDX-License-Identifier: 0BSD
#pragma once

#include <vector>

#include "tsgen/signature.hpp"
#include "tsgen/tensor.hpp"

#include "runner/options.hpp"

namespace tsgen {
inline namespace TSGEN_ABI {

/// The files given with --input; without any, ones of the example's sizes: two elements for a list,
/// an empty str, nothing for what is optional. A number or text that is not given is Python's
/// default, if it has one. Whether they fit, the Model checks.
std::vector<NamedTensor> make_inputs(const Options& options, const Entry& entry);

}  // namespace TSGEN_ABI
}  // namespace tsgen
