#include "program/bench.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "program/inputs.hpp"
#include "program/stopwatch.hpp"

namespace {{ cookiecutter.__identifier }} {
namespace {

// The first calls are not typical: TorchScript watches two of them to optimise the graph.
constexpr int warm_up_calls = 3;

/// Nearest rank: a time that was measured, never one between two.
double percentile(const std::vector<double>& sorted, double percent) {
  const auto rank = std::ceil(percent / 100 * static_cast<double>(sorted.size()));
  return sorted[static_cast<std::size_t>(rank) - 1];
}

}  // namespace

BenchReport bench(const Runtime& runtime, const Options& options) {
  const auto inputs = make_inputs(options, runtime.signature().forward());
  for (int i = 0; i < warm_up_calls; ++i) runtime.run(inputs);
  std::vector<double> times;
  for (int i = 0; i < options.calls; ++i) {
    const Stopwatch stopwatch;
    runtime.run(inputs);
    times.push_back(stopwatch.milliseconds());
  }
  const auto total = std::accumulate(times.begin(), times.end(), 0.0);
  std::sort(times.begin(), times.end());
  return {options.calls,         thread_count(),        percentile(times, 50),
          percentile(times, 90), percentile(times, 99), options.calls * 1000 / total};
}

}  // namespace {{ cookiecutter.__identifier }}
