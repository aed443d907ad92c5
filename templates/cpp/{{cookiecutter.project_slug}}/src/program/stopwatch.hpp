#pragma once

#include <chrono>

namespace {{ cookiecutter.__identifier }} {

class Stopwatch {
 public:
  double milliseconds() const {
    return std::chrono::duration<double, std::milli>(Clock::now() - begin_).count();
  }

 private:
  using Clock = std::chrono::steady_clock;
  Clock::time_point begin_ = Clock::now();
};

}  // namespace {{ cookiecutter.__identifier }}
