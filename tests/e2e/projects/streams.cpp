// Two models of one library do not know of one another; copies of a model are the same stream; what is
// not a call that counts changes nothing; calls of several threads take turns, and none is lost.
#include <cstdint>
#include <iostream>
#include <thread>
#include <vector>

#include "tsgen/error.hpp"
#include "tsgen/model.hpp"

namespace {

constexpr int threads = 8;
constexpr int calls = 25;

float counted(const tsgen::Model& model) {
  const std::vector<float> x(4, 0.5F);
  const auto answer = model.run({{"x", tsgen::TensorView<float>(x, {1, 4})}});
  for (const auto& one : answer)
    if (one.name == "calls") return one.tensor.data_as<float>()[0];
  return -1;
}

bool refuses(const tsgen::Model& model) {
  const std::vector<float> x(8, 0.5F);
  try {
    model.run({{"x", tsgen::TensorView<float>(x, {2, 4})}});
  } catch (const tsgen::Error&) {
    return true;
  }
  return false;
}

int fails(const char* what) { return std::cerr << what << '\n', 1; }

}  // namespace

int main(int, char** argv) {
  const tsgen::Model one(argv[1]);
  const tsgen::Model other(argv[1]);
  one.warm_up();
  if (counted(one) != 1) return fails("warming up was a call");
  if (counted(one) != 2) return fails("a call is forgotten");
  if (counted(other) != 1) return fails("two models share their state");
  const auto copy = one;
  if (counted(copy) != 3) return fails("a copy is another stream");
  if (!refuses(one) || counted(one) != 4) return fails("a refused call changed the state");
  std::vector<std::thread> running;
  for (int i = 0; i < threads; ++i)
    running.emplace_back([&] {
      for (int j = 0; j < calls; ++j) counted(one);
    });
  for (auto& each : running) each.join();
  if (counted(one) != 5 + threads * calls) return fails("a call of a thread is lost");
  if (counted(other) != 2) return fails("the other stream has moved");
  std::cout << "streams\n";
}
