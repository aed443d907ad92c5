// SPDX-License-Identifier: 0BSD
#pragma once

#include <string>

#include "tsgen/error.hpp"

#include "runner/bench.hpp"
#include "runner/info.hpp"
#include "runner/run.hpp"
#include "runner/stress.hpp"
#include "runner/sweep.hpp"
#include "runner/verify.hpp"

namespace tsgen {
inline namespace TSGEN_ABI {

// Each report as one JSON document.
std::string to_json(const RunReport& report);
std::string to_json(const VerifyReport& report);
std::string to_json(const StressReport& report);
std::string to_json(const BenchReport& report);
std::string to_json(const SweepReport& report);
std::string to_json(const InfoReport& report);
std::string to_json(const Error& error);

}  // namespace TSGEN_ABI
}  // namespace tsgen
