#pragma once

#include <string>

#include "{{ cookiecutter.project_slug }}/runtime.hpp"

#include "program/cases.hpp"

namespace {{ cookiecutter.__identifier }} {

/// Equal numbers can be asked for only where the same kernels run; elsewhere a tolerance is.
struct Demand {
  bool exact = true;
  std::string reason;  ///< Why not exact; "" when it is.
};

Demand demand_for(const CaseIndex& index, Device device);

/// The demand's tolerance for one dtype, or nothing when equality is asked for.
std::optional<Tolerance> tolerance_for(const Demand& demand, const CaseIndex& index, DType dtype);

}  // namespace {{ cookiecutter.__identifier }}
