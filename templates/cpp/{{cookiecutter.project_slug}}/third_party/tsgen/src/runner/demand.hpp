// SPDX-License-Identifier: 0BSD
#pragma once

#include <string>

#include "tsgen/model.hpp"

#include "runner/cases.hpp"

namespace tsgen {
inline namespace TSGEN_ABI {

/// How many times further from float64 than Python a program may lie that adds up in another order.
constexpr double floors_allowed = 4;

/// Equal numbers can be asked for only where the same kernels run; elsewhere Python's noise floor
/// is, where it is known, or a tolerance.
struct Demand {
  bool exact = true;
  std::string reason;  ///< Why not exact; "" when it is.
  bool floor = false;  ///< There are noise floors, of some outputs at least.
};

Demand demand_for(const CaseIndex& index, Device device);

/// The demand's tolerance for one dtype, or nothing when equality is asked for.
std::optional<Tolerance> tolerance_for(const Demand& demand, const CaseIndex& index, DType dtype);

/// The noise floor of an output of the case, or nothing when it has none, or equality is asked for.
std::optional<double> floor_for(const Demand& demand, const CaseIndex& index, const CaseName& name,
                                const std::string& output);

}  // namespace TSGEN_ABI
}  // namespace tsgen
