// SPDX-License-Identifier: 0BSD
#include "runner/verify.hpp"

#include <algorithm>
#include <array>

#include "core/buffer.hpp"
#include "core/utf8.hpp"
#include "runner/output.hpp"
#include "runner/stopwatch.hpp"

namespace tsgen {
inline namespace TSGEN_ABI {
namespace {

struct Run {
  std::vector<NamedTensor> outputs;
  double milliseconds = 0;
};

/// On copies: a model may work in its input, and each run shall see what Python gave.
Run run_on_copies(const Model& model, const Case& saved) {
  std::vector<NamedTensor> copies;
  for (const auto& input : saved.inputs) copies.push_back({input.name, copy_of(input.tensor)});
  const Stopwatch stopwatch;
  auto outputs = model.run(saved.name.method, copies);
  return {std::move(outputs), stopwatch.milliseconds()};
}

const NamedTensor* find(const std::vector<NamedTensor>& tensors, const std::string& name) {
  const auto found = std::find_if(tensors.begin(), tensors.end(),
                                  [&](const NamedTensor& one) { return one.name == name; });
  return found == tensors.end() ? nullptr : &*found;
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
  if (first.errors && third.errors)
    third.errors->ours = std::max(first.errors->ours, third.errors->ours);
  return third;
}

/// What all cases have in common.
struct Proof {
  const Model& model;
  const CaseIndex& index;
  const Demand& demand;

  OutputReport compare_one(const Case& saved, const NamedTensor* wanted,
                           const NamedTensor* found) const {
    const auto& one = found != nullptr ? *found : *wanted;
    OutputReport report{one.name, one.tensor.dtype(), one.tensor.shape(), {}};
    report.comparison.passed = false;
    if (found == nullptr)
      report.comparison.problem = "Python answered this, C++ did not";
    else if (wanted == nullptr)
      report.comparison.problem = "C++ answered this, Python did not";
    else
      report.comparison = judged(saved, *wanted, *found);
    return report;
  }

  Comparison judged(const Case& saved, const NamedTensor& wanted, const NamedTensor& found) const {
    const auto floor = floor_for(demand, index, saved.name, wanted.name);
    if (!floor)
      return compare(wanted.tensor, found.tensor,
                     tolerance_for(demand, index, wanted.tensor.dtype()));
    const auto* const exact = find(saved.references, wanted.name);
    if (exact == nullptr)
      throw Error("the file float64." + encode_name(wanted.name) + ".npy does not exist",
                  "export the model again: tsgen build writes the cases");
    return compare(wanted.tensor, found.tensor, Reference{exact->tensor, floors_allowed * *floor});
  }

  /// The outputs that C++ answered, then those that it should have.
  std::vector<OutputReport> compare_all(const Case& saved,
                                        const std::vector<NamedTensor>& outputs) const {
    std::vector<OutputReport> reports;
    for (const auto& output : outputs)
      reports.push_back(compare_one(saved, find(saved.outputs, output.name), &output));
    for (const auto& wanted : saved.outputs)
      if (find(outputs, wanted.name) == nullptr)
        reports.push_back(compare_one(saved, &wanted, nullptr));
    return reports;
  }
};

/// The median of a few calls; of a slow model a single one will do, which a busy moment changes less.
double milliseconds_of(const Proof& proof, const Case& saved, double third) {
  constexpr double slow = 50;
  if (third > slow) return third;
  std::array times{third, run_on_copies(proof.model, saved).milliseconds,
                   run_on_copies(proof.model, saved).milliseconds};
  std::sort(times.begin(), times.end());
  return times[1];
}

using Replayed = std::pair<std::vector<NamedTensor>, CaseReport>;

/// What either of two calls answered, each output with the judgement of both.
std::vector<OutputReport> both(const std::vector<OutputReport>& first,
                               std::vector<OutputReport> third) {
  for (const auto& early : first) {
    const auto late = std::find_if(third.begin(), third.end(), [&](const OutputReport& report) {
      return report.name == early.name;
    });
    if (late == third.end())
      third.push_back(early);
    else
      late->comparison = both(early.comparison, late->comparison);
  }
  return third;
}

/// The third call's outputs and the report about all three.
Replayed replay_thrice(const Proof& proof, const Case& saved) {
  const auto first = run_on_copies(proof.model, saved);
  const auto early = proof.compare_all(saved, first.outputs);
  run_on_copies(proof.model, saved);  // LibTorch optimises the graph here
  auto third = run_on_copies(proof.model, saved);
  CaseReport report{saved.name.name, saved.name.method,
                    milliseconds_of(proof, saved, third.milliseconds),
                    both(early, proof.compare_all(saved, third.outputs))};
  return {std::move(third.outputs), std::move(report)};
}

/// A second call of a model that keeps state may answer something else.
Replayed replay_once(const Proof& proof, const Case& saved) {
  auto only = run_on_copies(proof.model, saved);
  CaseReport report{saved.name.name, saved.name.method, only.milliseconds,
                    proof.compare_all(saved, only.outputs)};
  return {std::move(only.outputs), std::move(report)};
}

CaseReport replay_named(const Proof& proof, const Case& saved, const Options& options) {
  try {
    auto [outputs, report] =
        proof.index.sequence ? replay_once(proof, saved) : replay_thrice(proof, saved);
    if (options.output) write_outputs(*options.output / saved.name.name, outputs);
    return report;
  } catch (const Error& error) {
    throw Error("case " + saved.name.name + ": " + error.what(), error.hint());
  }
}

bool passed(const CaseReport& report) {
  return std::all_of(report.outputs.begin(), report.outputs.end(),
                     [](const OutputReport& output) { return output.comparison.passed; });
}

}  // namespace

VerifyReport verify(const Model& model, const std::filesystem::path& file, const Options& options) {
  const auto folder = options.cases.value_or(file.parent_path() / "cases");
  const auto index = read_case_index(folder);
  if (options.device.kind == Device::Kind::cuda) forbid_tf32();
  VerifyReport report{to_utf8(file), options.device, thread_count(), {}, true, {}};
  report.demand = demand_for(index, options.device);
  const Proof proof{model, index, report.demand};
  for (const auto& name : index.cases)
    report.cases.push_back(
        replay_named(proof, read_case(folder, name, model.signature()), options));
  report.passed = std::all_of(report.cases.begin(), report.cases.end(), passed);
  return report;
}

}  // namespace TSGEN_ABI
}  // namespace tsgen
