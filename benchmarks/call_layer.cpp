// What a call of a compiled model takes beyond AOTInductor's own: the target is at most 2 us.
//
// Compile it in a project with --runtime aotinductor that was built, and give it the model:
//
//     cd myapp
//     c++ -O2 -std=c++17 -I third_party/tsgen/include -I third_party/tsgen/src PATH/call_layer.cpp build/release/third_party/tsgen/libtsgen-runtime.a \
//         -L TORCH/lib -Wl,-rpath,TORCH/lib -ltorch_cpu -lc10 -pthread -ldl -Wl,--unresolved-symbols=ignore-in-shared-libs -o call_layer
//     ./call_layer model/model.so
//
// A measurement for people, not a test. Both call in turn, on the example's sizes and ones; seconds are the CPU's, of this thread.
#include <algorithm>
#include <ctime>
#include <iostream>
#include <memory>
#include <utility>
#include <vector>

#include "tsgen/device.hpp"
#include "tsgen/example.hpp"
#include "tsgen/model.hpp"

#include "core/bind.hpp"
#include "runtimes/aotinductor/container.hpp"
#include "runtimes/aotinductor/library.hpp"
#include "runtimes/aotinductor/values.hpp"

namespace {

constexpr int rounds = 200;
constexpr int calls = 50;

double now() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) * 1e6 + static_cast<double>(time.tv_nsec) / 1e3;
}

template <typename Call>
double microseconds(const Call& call) {
  const auto begun = now();
  for (int i = 0; i < calls; ++i) call();
  return (now() - begun) / calls;
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

}  // namespace

int main(int, char** argv) {
  const std::filesystem::path file = argv[1];
  const tsgen::Model model(file);
  tsgen::set_thread_count(1);
  const auto& forward = model.signature().forward();
  const auto inputs = tsgen::ones(forward);
  const tsgen::Source source(file);
  const tsgen::Library library(source);
  const tsgen::Container container(source, library, inputs.size(), tsgen::leaves_of(forward.output).size());
  const auto slots = tsgen::bind(forward, inputs, false);
  std::vector<double> ours, bare;
  for (int round = 0; round < rounds; ++round) {
    ours.push_back(microseconds([&] { model.run(inputs); }));
    bare.push_back(microseconds([&] { container.run(tsgen::arguments_of(slots).tensors); }));
  }
  std::cout << "AOTInductor's call " << median(bare) << " us, tsgen's " << median(ours) << " us, beyond it "
            << median(ours) - median(bare) << " us\n";
}
