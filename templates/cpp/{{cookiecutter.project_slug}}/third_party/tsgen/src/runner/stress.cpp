// SPDX-License-Identifier: 0BSD
#include "runner/stress.hpp"

#include <algorithm>
#include <cstring>
#include <exception>
#include <future>
#include <mutex>
#include <thread>
#include <vector>

#include "core/buffer.hpp"
#include "core/utf8.hpp"
#include "runner/cases.hpp"
#include "runner/stopwatch.hpp"

namespace tsgen {
inline namespace TSGEN_ABI {
namespace {

using Answer = std::vector<NamedTensor>;

// Of each thread. A call of microseconds is made for longer, so that the threads do meet.
constexpr std::size_t calls_each = 200;
constexpr double least_milliseconds = 200;
constexpr double most_milliseconds = 5000;

bool same(const NamedTensor& one, const NamedTensor& other) {
  const auto& a = one.tensor;
  const auto& b = other.tensor;
  return one.name == other.name && a.dtype() == b.dtype() && a.shape() == b.shape() &&
         (a.bytes() == 0 || std::memcmp(a.data(), b.data(), a.bytes()) == 0);
}

bool same_answers(const Answer& one, const Answer& other) {
  return std::equal(one.begin(), one.end(), other.begin(), other.end(), same);
}

/// An answer that the next call overwrites, with whatever was kept of it, must not be compared with itself.
Answer copied(const Answer& answer) {
  Answer copies;
  for (const auto& one : answer) copies.push_back({one.name, copy_of(one.tensor)});
  return copies;
}

/// What all callers share. Only `report` changes, under its lock.
class Stress {
 public:
  Stress(const Model& model, std::vector<Case> cases, StressReport& report)
      : model_(model), cases_(std::move(cases)), report_(report) {
    // The third call runs the optimised graph, as do all that follow.
    for (const auto& one : cases_) {
      for (int i = 0; i < 2; ++i) call(one);
      expected_.push_back(copied(call(one)));
    }
  }

  /// One thread's calls, once `started` says that all are there.
  void operator()(std::size_t first, const std::shared_future<void>& started) const {
    started.wait();
    const Stopwatch stopwatch;
    std::size_t done = 0;
    for (; goes_on(done, stopwatch.milliseconds()); ++done) try_one((first + done) % cases_.size());
    const std::lock_guard<std::mutex> lock(mutex_);
    report_.calls += done;
  }

 private:
  static bool goes_on(std::size_t done, double milliseconds) {
    return milliseconds < least_milliseconds ||
           (done < calls_each && milliseconds < most_milliseconds);
  }

  Answer call(const Case& one) const { return model_.run(one.name.method, one.inputs); }

  void try_one(std::size_t index) const {
    try {
      const auto kept = call(cases_[index]);
      const auto next = call(cases_[(index + 1) % cases_.size()]);
      if (report_.compared && !same_answers(kept, expected_[index])) fail("");
    } catch (const std::exception& error) {
      fail(error.what());
    }
  }

  void fail(const std::string& problem) const {
    const std::lock_guard<std::mutex> lock(mutex_);
    ++report_.wrong;
    if (report_.problem.empty()) report_.problem = problem;
  }

  const Model& model_;
  std::vector<Case> cases_;
  std::vector<Answer> expected_;
  StressReport& report_;
  mutable std::mutex mutex_;
};

std::vector<Case> read_cases(const std::filesystem::path& folder, const Signature& signature) {
  std::vector<Case> cases;
  for (const auto& name : read_case_index(folder).cases)
    cases.push_back(read_case(folder, name, signature));
  return cases;
}

}  // namespace

StressReport stress(const Model& model, const std::filesystem::path& file, const Options& options) {
  const auto folder = options.cases.value_or(file.parent_path() / "cases");
  StressReport report{to_utf8(file), options.device, options.callers, 0, 0, true, ""};
  report.compared = !model.signature().sequence;
  const Stress callers(model, read_cases(folder, model.signature()), report);
  std::promise<void> start;
  const auto started = start.get_future().share();
  std::vector<std::thread> threads;
  for (int i = 0; i < options.callers; ++i)
    threads.emplace_back([&callers, started, i] { callers(static_cast<std::size_t>(i), started); });
  start.set_value();
  for (auto& thread : threads) thread.join();
  return report;
}

}  // namespace TSGEN_ABI
}  // namespace tsgen
