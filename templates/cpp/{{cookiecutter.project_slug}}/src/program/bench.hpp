#pragma once

#include "{{ cookiecutter.project_slug }}/runtime.hpp"

#include "program/options.hpp"

namespace {{ cookiecutter.__identifier }} {

struct BenchReport {
  int calls = 0;
  int threads = 1;
  double p50_ms = 0;
  double p90_ms = 0;
  double p99_ms = 0;
  double calls_per_second = 0;
};

/// Times single calls, one after another, from input in CPU memory to output in CPU memory.
BenchReport bench(const Runtime& runtime, const Options& options);

}  // namespace {{ cookiecutter.__identifier }}
