// How long the checks before a call take, for a handful of inputs: the target is under 1 us.
//
// Compile it in the vendored library of any project (no LibTorch is needed), and run it:
//
//     cd myapp/third_party/tsgen
//     c++ -O2 -std=c++17 -I include -I src PATH/check_inputs.cpp src/core/{bind,check,dtype,name,node,signature,tensor,text,utf8}.cpp -o check_inputs
//     ./check_inputs
//
// A measurement for people, not a test. Each line is the median of many rounds. "in order" is what a typed API gives.
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <iostream>
#include <string>
#include <utility>
#include <vector>

#include "tsgen/signature.hpp"
#include "core/bind.hpp"

namespace {

constexpr int rounds = 1000;
constexpr int calls = 200;
constexpr double target = 1000;

const std::string signature_text =
    "tsgen-signature\t2\ndim\tN\t2\ndim\tL\t16\ndim\tM\t5\n"
    "input\tinput_ids\ttensor\tint64\tN,L\ninput\tattention_mask\ttensor\tint64\tN,L\n"
    "input\tpixels\ttensor\tfloat32\tN,3,224,224\ninput\tbatch\trecord\n"
    "input\tbatch.boxes\ttensor\tfloat32\tN,4\ninput\tbatch.scale\tfloat\n"
    "input\tcache\tlist\ninput\tcache.*\ttensor\tfloat32\tM,8\ninput\tbias\ttensor?\tfloat32\tN\n";

using Inputs = std::vector<tsgen::NamedTensor>;

Inputs handful() {
  static const std::vector<double> memory(2 * 3 * 224 * 224);
  const auto view = [](tsgen::DType dtype, tsgen::Shape shape) {
    return tsgen::Tensor::view(dtype, std::move(shape), memory.data());
  };
  using tsgen::DType;
  return {{"input_ids", view(DType::int64, {2, 16})},   {"attention_mask", view(DType::int64, {2, 16})},
          {"pixels", view(DType::float32, {2, 3, 224, 224})}, {"batch.boxes", view(DType::float32, {2, 4})},
          {"batch.scale", view(DType::float64, {})},    {"cache.0", view(DType::float32, {5, 8})},
          {"cache.1", view(DType::float32, {6, 8})}};
}

double nanoseconds(const tsgen::Entry& entry, const Inputs& inputs, std::size_t& slots) {
  using Clock = std::chrono::steady_clock;
  std::vector<double> times;
  for (int round = 0; round < rounds; ++round) {
    const auto begun = Clock::now();
    for (int call = 0; call < calls; ++call) slots += tsgen::bind(entry, inputs, false).size();
    times.push_back(std::chrono::duration<double, std::nano>(Clock::now() - begun).count() / calls);
  }
  std::nth_element(times.begin(), times.begin() + rounds / 2, times.end());
  return times[rounds / 2];
}

}  // namespace

int main() {
  const auto signature = tsgen::parse_signature(signature_text);
  auto inputs = handful();
  std::size_t slots = 0;
  const auto in_order = nanoseconds(signature.forward(), inputs, slots);
  std::reverse(inputs.begin(), inputs.end());
  const auto reversed = nanoseconds(signature.forward(), inputs, slots);
  std::cout << inputs.size() << " inputs, " << slots << " values seen\n"
            << "in order  " << in_order << " ns, " << in_order / target << " of the target\n"
            << "reversed  " << reversed << " ns\n";
  return in_order < target ? 0 : 1;
}
