// SPDX-License-Identifier: 0BSD
#include "runner/report/text.hpp"

#include <algorithm>

#include "core/numbers.hpp"
#include "runner/report/json_writer.hpp"

namespace tsgen {
inline namespace TSGEN_ABI {
namespace {

std::string output_line(const NamedTensor& output, const Node& what) {
  const auto& tensor = output.tensor;
  if (is_text(what, output.name)) return output.name + " str: " + to_json(text_of(tensor));
  auto line = output.name + ' ' + describe(tensor.dtype(), tensor.shape()) + ':';
  for (std::size_t i = 0; i < std::min(tensor.size(), shown_values); ++i)
    line += ' ' + short_text(tensor, i);
  return line;
}

std::string index_text(const Shape& index) {
  std::string text;
  for (const auto position : index) text += (text.empty() ? "" : ",") + std::to_string(position);
  return '[' + text + ']';
}

std::string errors_text(const Comparison& comparison) {
  if (!comparison.errors) return "";
  const auto& [ours, python, limit] = *comparison.errors;
  return ", " + exact(ours, 3) + " from float64, Python " + exact(python, 3) + ", at most " +
         exact(limit, 3);
}

std::string mismatch_text(const OutputReport& output) {
  const auto& comparison = output.comparison;
  if (!comparison.index) return comparison.problem;
  const auto why = comparison.problem.empty() ? "" : "; " + comparison.problem;
  return "at " + index_text(*comparison.index) + " expected " + comparison.expected + ", got " +
         comparison.actual + " (" + std::to_string(comparison.mismatches) + " of " +
         std::to_string(element_count(output.shape)) + " differ, max_abs " +
         exact(comparison.max_abs, 3) + ", max_rel " + exact(comparison.max_rel, 3) +
         errors_text(comparison) + ')' + why;
}

std::string verdict(const OutputReport& output) {
  const auto& comparison = output.comparison;
  if (!comparison.passed) return mismatch_text(output);
  if (comparison.max_abs == 0) return "equal" + errors_text(comparison);
  return "max_abs " + exact(comparison.max_abs, 3) + ", max_rel " + exact(comparison.max_rel, 3) +
         errors_text(comparison);
}

std::string case_lines(const CaseReport& report) {
  std::string lines;
  if (report.outputs.empty()) lines = "ok   " + report.name + ": nothing, as in Python\n";
  for (const auto& output : report.outputs)
    lines += std::string(output.comparison.passed ? "ok   " : "FAIL ") + report.name + ": " +
             output.name + ' ' + describe(output.dtype, output.shape) + ": " + verdict(output) +
             '\n';
  return lines;
}

std::string conclusion(const VerifyReport& report) {
  const auto threads = counted(static_cast<std::size_t>(report.threads), "thread");
  const std::string rule =
      report.demand.floor ? "within 4 times Python's noise floor (" : "within tolerance (";
  const auto demand = report.demand.exact
                          ? "bit for bit (LibTorch " + libtorch_version() + ", " + threads + ')'
                          : rule + report.demand.reason + ')';
  const auto cases = counted(report.cases.size(), "case");
  if (!report.passed) return "FAILED: " + cases + ", C++ is not Python " + demand;
  return "verified: " + cases + ", C++ = Python" + (report.demand.exact ? ", " : " ") + demand;
}

std::string default_words(const Node& node) {
  if (!node.default_value) return "";
  const auto& text = *node.default_value;
  return ", default " + (node.kind == Kind::string ? to_json(text) : text);
}

std::string node_rows(const std::string& label, const Node& node) {
  auto rows = label + node.name + (node.name.empty() ? "" : " ") + describe(node) +
              default_words(node) + (node.written ? ", copied: the call writes into it" : "") +
              '\n';
  for (const auto& child : node.children) rows += node_rows(label, child);
  return rows;
}

std::string entry_rows(const Entry& entry) {
  std::string rows;
  for (const auto& input : entry.inputs) rows += node_rows("input     ", input);
  rows += node_rows("output    ", entry.output);
  for (const auto& name : entry.writes) rows += "writes    " + name + '\n';
  for (const auto& dim : entry.dims)
    rows += "example   " + dim.name + " = " + std::to_string(dim.size) + '\n';
  return rows;
}

/// What must be there or be done for this model.
std::string demands(const Signature& signature) {
  std::string rows;
  for (const auto& library : signature.libraries) rows += "operators ops/" + library.file + '\n';
  if (!signature.engine.empty()) rows += "engine    " + signature.engine + '\n';
  if (!signature.tune.empty()) rows += "tuned     " + signature.tune + ", for the CPU alone\n";
  for (const auto& setting : signature.settings)
    rows += "setting   " + setting.name + " = " + setting.value + '\n';
  if (signature.gradients) rows += "gradients computed in each call\n";
  if (!signature.cpu_only.empty()) rows += "CPU only  " + signature.cpu_only + '\n';
  if (signature.sequence) rows += "state     kept from call to call\n";
  return rows;
}

/// Columns with their last characters below one another.
std::string row(const std::vector<std::string>& cells) {
  constexpr std::size_t width = 11;
  std::string text;
  for (const auto& cell : cells)
    text += std::string(width - std::min(width, cell.size()), ' ') + cell;
  return text + '\n';
}

std::string cuda_text(const CudaStatus& cuda) {
  return cuda.devices > 0 ? counted(static_cast<std::size_t>(cuda.devices), "CUDA device")
                          : "no CUDA device: " + cuda.problem;
}

}  // namespace

std::string to_text(const RunReport& report) {
  std::string text = "ok";
  for (const auto& output : report.outputs) text += '\n' + output_line(output, report.output);
  return text;
}

std::string to_text(const VerifyReport& report) {
  std::string text;
  for (const auto& one : report.cases) text += case_lines(one);
  return text + conclusion(report);
}

std::string to_text(const StressReport& report) {
  const auto calls = counted(report.calls, "call") + " from " +
                     counted(static_cast<std::size_t>(report.callers), "thread") + " at once";
  if (report.wrong > 0)
    return "FAILED: " + calls + ", " + std::to_string(report.wrong) + " wrong" +
           (report.problem.empty() ? "" : ": " + report.problem);
  if (!report.compared) return "ok: " + calls + "; not compared, since the model keeps state";
  return "ok: " + calls + ", each as one thread alone got it";
}

std::string to_text(const BenchReport& report) {
  return counted(static_cast<std::size_t>(report.calls), "call") + ", " +
         counted(static_cast<std::size_t>(report.threads), "thread") + ": first " +
         fixed(report.first_ms, 3) + " ms, second " + fixed(report.second_ms, 3) +
         " ms, steady p50 " + fixed(report.steady.p50_ms, 3) + " ms, p90 " +
         fixed(report.steady.p90_ms, 3) + " ms, p99 " + fixed(report.steady.p99_ms, 3) + " ms, " +
         fixed(report.calls_per_second, 1) + " calls/s";
}

std::string to_text(const SweepReport& report) {
  std::string text = row({"callers", "threads", "p50 ms", "p90 ms", "calls/s"});
  for (const auto& one : report.settings)
    text +=
        row({std::to_string(one.callers), std::to_string(one.threads), fixed(one.times.p50_ms, 3),
             fixed(one.times.p90_ms, 3), fixed(one.calls_per_second, 1)});
  const auto& best = report.best();
  return text + "best: " + counted(static_cast<std::size_t>(best.callers), "caller") + " with " +
         counted(static_cast<std::size_t>(best.threads), "thread") + " inside an operator, " +
         fixed(best.calls_per_second, 1) + " calls/s";
}

std::string to_text(const InfoReport& report) {
  const auto& signature = report.signature;
  std::string text = "model     " + report.model + '\n';
  text += "exported  " + signature.model + ", " + signature.method + ", torch " +
          signature.torch_version + '\n';
  text += entry_rows(signature.forward());
  for (std::size_t i = 1; i < signature.entries.size(); ++i)
    text += "method    " + signature.entries[i].name + '\n' + entry_rows(signature.entries[i]);
  text += demands(signature);
  text += "libtorch  " + libtorch_version();
  text += (report.cpu_capability.empty() ? "" : ", ") + report.cpu_capability + '\n';
  return text + "devices   cpu, " + cuda_text(report.cuda);
}

}  // namespace TSGEN_ABI
}  // namespace tsgen
