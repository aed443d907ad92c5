// SPDX-License-Identifier: 0BSD
#pragma once

#include <chrono>

#include "tsgen/version.hpp"

namespace tsgen {
inline namespace TSGEN_ABI {

class Stopwatch {
 public:
  double milliseconds() const {
    return std::chrono::duration<double, std::milli>(Clock::now() - begin_).count();
  }

 private:
  using Clock = std::chrono::steady_clock;
  Clock::time_point begin_ = Clock::now();
};

}  // namespace TSGEN_ABI
}  // namespace tsgen
