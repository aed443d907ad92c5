#include <doctest/doctest.h>

#include <atomic>
#include <string>
#include <thread>

#include "stand_in/files.hpp"
#include "stand_in/runtime.hpp"
#include "tsgen/example.hpp"
#include "tsgen/model.hpp"

TEST_SUITE("warm_up") {
namespace {

const std::string io = "input\tx\ttensor\tfloat32\t2\noutput\ty\ttensor\tfloat32\t\n";
const std::string push =
    "entry\tpush\ninput\tk\ttensor\tfloat32\t1\noutput\ty\ttensor\tfloat32\t\n";

tsgen::Model load(std::string_view behaviour, const std::string& lines) {
  const auto text = stand_in::model_text(behaviour, lines);
  return tsgen::Model(tsgen::ModelBytes{text.data(), text.size()});
}

template <typename Action>
int calls_of(const Action& action) {
  const int before = stand_in::calls;
  action();
  return stand_in::calls - before;
}

float answer(const tsgen::Model& model) {
  return model.run(tsgen::ones(model.signature())).at(0).tensor.data_as<float>()[0];
}

}  // namespace

TEST_CASE("the calls are made before the first request, and leave the state as it is") {
  const auto model = load("count", io + "sequence\ttrue\n");
  CHECK(calls_of([&] { model.warm_up(); }) == stand_in::calls_until_steady);
  CHECK(answer(model) == 1);
  model.warm_up(tsgen::ones(model.signature()));
  CHECK(answer(model) == 2);
}

TEST_CASE("any method, on inputs of its own") {
  const auto model = load("count", io + push);
  CHECK(calls_of([&] { model.warm_up("push", {{"k", stand_in::tensor<float>({1}, {5})}}); }) ==
        stand_in::calls_until_steady);
  CHECK(stand_in::contains(stand_in::refusal([&] { model.warm_up("pop", {}); }), "pop"));
}

TEST_CASE("what does not fit is refused before the model is called") {
  const auto model = load("count", io);
  std::string said;
  CHECK(calls_of([&] {
          said = stand_in::refusal(
              [&] { model.warm_up({{"x", stand_in::tensor<float>({3}, {1, 2, 3})}}); });
        }) == 0);
  CHECK_MESSAGE(stand_in::contains(said, "dimension 0 must be 2"), said);
  const auto any = load("count", "input\tx\ttensor\tfloat32\t?\noutput\ty\ttensor\tfloat32\t\n");
  said = stand_in::refusal([&] { any.warm_up(); });
  CHECK_MESSAGE(stand_in::contains(said, "any shape"), said);
}

TEST_CASE("it waits for its turn where calls write state") {
  const auto model = load("together", io + "writes\tstate\tx\n");
  std::thread other([&] { model.warm_up(); });
  const float met = answer(model);
  other.join();
  CHECK(met == 0);
}

}  // TEST_SUITE("warm_up")
