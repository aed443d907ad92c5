// SPDX-License-Identifier: 0BSD
#include "runner/bench.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "runner/inputs.hpp"
#include "runner/stopwatch.hpp"

namespace tsgen {
inline namespace TSGEN_ABI {
namespace {

double percentile(const std::vector<double>& sorted, double percent) {
  const auto rank = std::ceil(percent / 100 * static_cast<double>(sorted.size()));
  return sorted[static_cast<std::size_t>(rank) - 1];
}

double milliseconds_of(const Model& model, const std::vector<NamedTensor>& inputs) {
  const Stopwatch stopwatch;
  model.run(inputs);
  return stopwatch.milliseconds();
}

}  // namespace

Times times_of(std::vector<double> milliseconds) {
  std::sort(milliseconds.begin(), milliseconds.end());
  return {percentile(milliseconds, 50), percentile(milliseconds, 90), percentile(milliseconds, 99)};
}

BenchReport bench(const Model& model, const Options& options) {
  const auto inputs = make_inputs(options, model.signature().forward());
  BenchReport report{options.calls, thread_count(), 0, 0, {}, 0};
  report.first_ms = milliseconds_of(model, inputs);
  report.second_ms = milliseconds_of(model, inputs);
  model.run(inputs);  // the first of the optimised graph
  std::vector<double> times;
  for (int i = 0; i < options.calls; ++i) times.push_back(milliseconds_of(model, inputs));
  report.calls_per_second = options.calls * 1000 / std::accumulate(times.begin(), times.end(), 0.0);
  report.steady = times_of(std::move(times));
  return report;
}

}  // namespace TSGEN_ABI
}  // namespace tsgen
