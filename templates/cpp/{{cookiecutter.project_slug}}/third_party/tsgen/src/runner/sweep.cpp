// SPDX-License-Identifier: 0BSD
#include "runner/sweep.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <future>
#include <mutex>
#include <thread>

#include "runner/inputs.hpp"
#include "runner/stopwatch.hpp"

namespace tsgen {
inline namespace TSGEN_ABI {
namespace {

/// The calls of one setting, which its callers share.
class Race {
 public:
  Race(const Model& model, const std::vector<NamedTensor>& inputs, int calls)
      : model_(model), inputs_(inputs), left_(calls) {}

  /// One caller: ready after a call that counts for nothing, since a new thread's first one starts
  /// LibTorch's threads for it.
  void run(int threads, std::promise<void>& ready, const std::shared_future<void>& started) {
    try {
      set_thread_count(threads);
      model_.run(inputs_);
      ready.set_value();
    } catch (...) {
      return ready.set_exception(std::current_exception());
    }
    started.wait();
    add(timed_calls());
  }

  const std::vector<double>& times() const { return times_; }

 private:
  std::vector<double> timed_calls() {
    std::vector<double> times;
    while (left_-- > 0) {
      const Stopwatch stopwatch;
      model_.run(inputs_);
      times.push_back(stopwatch.milliseconds());
    }
    return times;
  }

  void add(const std::vector<double>& times) {
    const std::lock_guard<std::mutex> lock(mutex_);
    times_.insert(times_.end(), times.begin(), times.end());
  }

  const Model& model_;
  const std::vector<NamedTensor>& inputs_;
  std::atomic<int> left_;
  std::mutex mutex_;
  std::vector<double> times_;
};

/// The seconds from the moment at which all callers are ready to the end of the last call.
double seconds_of(Race& race, Setting setting) {
  std::promise<void> start;
  const auto started = start.get_future().share();
  std::vector<std::promise<void>> ready(static_cast<std::size_t>(setting.callers));
  std::vector<std::thread> callers;
  for (auto& one : ready)
    callers.emplace_back([&, started] { race.run(setting.threads, one, started); });
  std::exception_ptr failed;
  for (auto& one : ready) {
    try {
      one.get_future().get();
    } catch (...) {
      failed = std::current_exception();
    }
  }
  const Stopwatch stopwatch;
  start.set_value();
  for (auto& caller : callers) caller.join();
  if (failed) std::rethrow_exception(failed);
  return stopwatch.milliseconds() / 1000;
}

}  // namespace

const Setting& SweepReport::best() const {
  return *std::max_element(settings.begin(), settings.end(),
                           [](const Setting& one, const Setting& other) {
                             return one.calls_per_second < other.calls_per_second;
                           });
}

std::vector<int> counts_to(int most) {
  std::vector<int> counts;
  for (int count = 1; count < most; count *= 2) counts.push_back(count);
  counts.push_back(most);
  return counts;
}

SweepReport sweep(const Model& model, const Options& options) {
  const auto inputs = make_inputs(options, model.signature().forward());
  const auto counts = counts_to(thread_count());
  for (int i = 0; i < 3; ++i) model.run(inputs);  // as bench does
  SweepReport report{std::max(options.calls, counts.back()), {}};
  for (const int callers : counts) {
    for (const int threads : counts) {
      Race race(model, inputs, report.calls);
      Setting setting{callers, threads, {}, 0};
      setting.calls_per_second = report.calls / seconds_of(race, setting);
      setting.times = times_of(race.times());
      report.settings.push_back(setting);
    }
  }
  return report;
}

}  // namespace TSGEN_ABI
}  // namespace tsgen
