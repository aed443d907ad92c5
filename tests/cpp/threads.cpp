#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "stand_in/files.hpp"
#include "stand_in/runtime.hpp"
#include "tsgen/model.hpp"

TEST_SUITE("threads") {

namespace {

constexpr int callers = 8;
constexpr int calls = 200;
const std::string io = "dim\tN\t2\ninput\tx\ttensor\tfloat32\tN\noutput\ty\ttensor\tfloat32\tN\n";

tsgen::Model load(std::string_view behaviour, const std::string& lines) {
  const auto text = stand_in::model_text(behaviour, lines);
  return tsgen::Model(tsgen::ModelBytes{text.data(), text.size()});
}

/// What a thread asks differs from what the others ask, in size too: memory that is shared moves.
std::vector<tsgen::NamedTensor> question(int caller) {
  const auto size = static_cast<std::size_t>(caller + 1) * 16;
  return {{"x", stand_in::tensor<float>({static_cast<std::int64_t>(size)},
                                        std::vector<float>(size, static_cast<float>(caller)))}};
}

bool right(const std::vector<tsgen::NamedTensor>& answer, int caller) {
  const auto& tensor = answer.at(0).tensor;
  const auto* const begin = tensor.data_as<float>();
  return tensor.size() == static_cast<std::size_t>(caller + 1) * 16 &&
         std::all_of(begin, begin + tensor.size(),
                     [&](float value) { return value == static_cast<float>(2 * caller); });
}

template <typename Action>
void from_threads(int count, const Action& action) {
  std::vector<std::thread> threads;
  for (int i = 0; i < count; ++i) threads.emplace_back([&action, i] { action(i); });
  for (auto& thread : threads) thread.join();
}

/// How many of 8 x 200 answers are wrong, looked at when the next is there.
int wrong_answers(const tsgen::Model& model) {
  std::atomic<int> wrong = 0;
  from_threads(callers, [&](int caller) {
    const auto inputs = question(caller);
    auto kept = model.run(inputs);
    for (int i = 0; i < calls; ++i) {
      auto next = model.run(inputs);
      if (!right(kept, caller)) ++wrong;
      kept = std::move(next);
    }
  });
  return wrong;
}

}  // namespace

TEST_CASE("calls of a model that writes its own memory take turns") {
  CHECK(wrong_answers(load("scratch", io + "writes\tstate\tscratch\n")) == 0);
  CHECK(wrong_answers(load("view", io + "writes\tstate\tscratch\n")) == 0);
}

TEST_CASE("so do those of a model that keeps a sequence, or that another method changes") {
  CHECK(wrong_answers(load("scratch", io + "sequence\ttrue\n")) == 0);
  CHECK(wrong_answers(load("scratch", io + "entry\tpush\nwrites\tstate\tscratch\n")) == 0);
}

TEST_CASE("copies of a model take turns with one another") {
  const auto model = load("scratch", io + "writes\tstate\tscratch\n");
  std::atomic<int> wrong = 0;
  from_threads(callers, [&](int caller) {
    const auto copy = model;
    for (int i = 0; i < calls; ++i)
      if (!right(copy.run(question(caller)), caller)) ++wrong;
  });
  CHECK(wrong == 0);
}

TEST_CASE("an exception ends a turn") {
  const auto model = load("raise", io + "writes\tstate\tscratch\n");
  std::atomic<int> raised = 0;
  from_threads(callers, [&](int caller) {
    if (stand_in::refusal([&] { model.run(question(caller)); }) ==
        "the model raised: no | try it in Python")
      ++raised;
  });
  CHECK(raised == callers);
}

TEST_CASE("calls that share nothing run at the same time, those with state one after another") {
  const std::string output = "input\tx\ttensor\tfloat32\t?\noutput\toutput\ttensor\tfloat32\t\n";
  const auto met = [&](const std::string& lines) {
    const auto model = load("together", output + lines);
    std::atomic<int> count = 0;
    from_threads(2, [&](int caller) {
      count += model.run(question(caller)).at(0).tensor.data_as<float>()[0] == 1 ? 1 : 0;
    });
    return count.load();
  };
  CHECK(met("") == 2);
  CHECK(met("writes\tstate\tx\n") == 0);
}

// Runs only when it is asked for, to show that these tests would see what they look for.
TEST_CASE("race" * doctest::skip()) { MESSAGE(wrong_answers(load("scratch", io))); }

}  // TEST_SUITE("threads")
