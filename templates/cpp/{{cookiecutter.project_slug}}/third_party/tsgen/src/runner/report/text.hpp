// SPDX-License-Identifier: 0BSD
#pragma once

#include <string>

#include "runner/bench.hpp"
#include "runner/info.hpp"
#include "runner/run.hpp"
#include "runner/stress.hpp"
#include "runner/sweep.hpp"
#include "runner/verify.hpp"

#include "tsgen/version.hpp"

namespace tsgen {
inline namespace TSGEN_ABI {

// Each report in words, without the last line's end.
std::string to_text(const RunReport& report);
std::string to_text(const VerifyReport& report);
std::string to_text(const StressReport& report);
std::string to_text(const BenchReport& report);
std::string to_text(const SweepReport& report);
std::string to_text(const InfoReport& report);

}  // namespace TSGEN_ABI
}  // namespace tsgen
