#include "program/verify.hpp"

#include <algorithm>
#include <array>

#include "program/buffer.hpp"
#include "program/output.hpp"
#include "program/stopwatch.hpp"
#include "runtime/utf8.hpp"

namespace {{ cookiecutter.__identifier }} {
namespace {

struct Run {
  std::vector<Tensor> outputs;
  double milliseconds = 0;
};

/// On copies: a model may work in its input, and each run shall see what Python gave.
Run run_on_copies(const Runtime& runtime, const std::vector<Tensor>& inputs) {
  std::vector<Tensor> copies;
  for (const auto& input : inputs) copies.push_back(copy_of(input));
  const Stopwatch stopwatch;
  auto outputs = runtime.run(copies);
  return {std::move(outputs), stopwatch.milliseconds()};
}

/// The first call interprets the model, the third runs its optimised graph: both must be right.
Comparison both(const Comparison& first, Comparison third) {
  if (!first.passed) {
    third = first;
  } else if (!third.passed && third.problem.empty()) {
    third.problem = "the first call was right, the third (optimised graph) is not";
  }
  third.max_abs = std::max(first.max_abs, third.max_abs);
  third.max_rel = std::max(first.max_rel, third.max_rel);
  return third;
}

/// What all cases have in common.
struct Proof {
  const Runtime& runtime;
  const CaseIndex& index;
  const Demand& demand;

  std::vector<Comparison> compare_all(const Case& saved, const std::vector<Tensor>& outputs) const {
    std::vector<Comparison> comparisons;
    for (std::size_t i = 0; i < outputs.size(); ++i) {
      const auto& expected = saved.outputs[i];
      comparisons.push_back(
          compare(expected, outputs[i], tolerance_for(demand, index, expected.dtype())));
    }
    return comparisons;
  }
};

/// The median of a few calls, as Python measured it; a slow model's single one will do.
double milliseconds_of(const Proof& proof, const Case& saved, double third) {
  constexpr double slow = 500;
  if (third > slow) return third;
  std::array times{third, run_on_copies(proof.runtime, saved.inputs).milliseconds,
                   run_on_copies(proof.runtime, saved.inputs).milliseconds};
  std::sort(times.begin(), times.end());
  return times[1];
}

/// The third call's outputs and the report about all three.
std::pair<std::vector<Tensor>, CaseReport> replay(const Proof& proof, const Case& saved) {
  const auto first = run_on_copies(proof.runtime, saved.inputs);
  const auto early = proof.compare_all(saved, first.outputs);
  run_on_copies(proof.runtime, saved.inputs);  // LibTorch optimises the graph here
  auto third = run_on_copies(proof.runtime, saved.inputs);
  const auto late = proof.compare_all(saved, third.outputs);
  CaseReport report{saved.name, milliseconds_of(proof, saved, third.milliseconds), {}};
  for (std::size_t i = 0; i < late.size(); ++i) {
    const auto& output = third.outputs[i];
    report.outputs.push_back({proof.runtime.signature().outputs[i].name, output.dtype(),
                              output.shape(), both(early[i], late[i])});
  }
  return {std::move(third.outputs), std::move(report)};
}

CaseReport replay_named(const Proof& proof, const Case& saved, const Options& options) {
  try {
    auto [outputs, report] = replay(proof, saved);
    if (options.output)
      write_outputs(*options.output / saved.name, proof.runtime.signature(), outputs);
    return report;
  } catch (const Error& error) {
    throw Error("case " + saved.name + ": " + error.what(), error.hint());
  }
}

bool passed(const CaseReport& report) {
  return std::all_of(report.outputs.begin(), report.outputs.end(),
                     [](const OutputReport& output) { return output.comparison.passed; });
}

}  // namespace

VerifyReport verify(const Runtime& runtime, const std::filesystem::path& model,
                    const Options& options) {
  const auto folder = options.cases.value_or(model.parent_path() / "cases");
  const auto index = read_case_index(folder);
  if (options.device.kind == Device::Kind::cuda) forbid_tf32();
  VerifyReport report{to_utf8(model), options.device, thread_count(), {}, true, {}};
  report.demand = demand_for(index, options.device);
  const Proof proof{runtime, index, report.demand};
  for (const auto& name : index.names)
    report.cases.push_back(
        replay_named(proof, read_case(folder, name, runtime.signature()), options));
  report.passed = std::all_of(report.cases.begin(), report.cases.end(), passed);
  return report;
}

}  // namespace {{ cookiecutter.__identifier }}
