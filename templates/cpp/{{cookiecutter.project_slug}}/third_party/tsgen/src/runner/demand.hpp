// SPDX-License-Identifier: 0BSD
#pragma once

#include <string>

#include "tsgen/model.hpp"

#include "runner/cases.hpp"

namespace tsgen {
inline namespace TSGEN_ABI {

/// Equal numbers can be asked for only where the same kernels run; elsewhere a tolerance is.
struct Demand {
  bool exact = true;
  std::string reason;  ///< Why not exact; "" when it is.
};

Demand demand_for(const CaseIndex& index, Device device);

/// The demand's tolerance for one dtype, or nothing when equality is asked for.
std::optional<Tolerance> tolerance_for(const Demand& demand, const CaseIndex& index, DType dtype);

}  // namespace TSGEN_ABI
}  // namespace tsgen
