#include "program/report/text.hpp"

#include <algorithm>

#include "program/numbers.hpp"
#include "program/report/json_writer.hpp"

namespace {{ cookiecutter.__identifier }} {
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

std::string mismatch_text(const OutputReport& output) {
  const auto& comparison = output.comparison;
  if (!comparison.index) return comparison.problem;
  const auto why = comparison.problem.empty() ? "" : "; " + comparison.problem;
  return "at " + index_text(*comparison.index) + " expected " + comparison.expected + ", got " +
         comparison.actual + " (" + std::to_string(comparison.mismatches) + " of " +
         std::to_string(element_count(output.shape)) + " differ, max_abs " +
         exact(comparison.max_abs, 3) + ", max_rel " + exact(comparison.max_rel, 3) + ')' + why;
}

std::string verdict(const OutputReport& output) {
  const auto& comparison = output.comparison;
  if (!comparison.passed) return mismatch_text(output);
  if (comparison.max_abs == 0) return "equal";
  return "max_abs " + exact(comparison.max_abs, 3) + ", max_rel " + exact(comparison.max_rel, 3);
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
  const auto demand = report.demand.exact
                          ? "bit for bit (LibTorch " + libtorch_version() + ", " + threads + ')'
                          : "within tolerance (" + report.demand.reason + ')';
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
              default_words(node) + '\n';
  for (const auto& child : node.children) rows += node_rows(label, child);
  return rows;
}

std::string entry_rows(const Entry& entry) {
  std::string rows;
  for (const auto& input : entry.inputs) rows += node_rows("input     ", input);
  rows += node_rows("output    ", entry.output);
  for (const auto& dim : entry.dims)
    rows += "example   " + dim.name + " = " + std::to_string(dim.size) + '\n';
  return rows;
}

/// What must be there or be done for this model.
std::string demands(const Signature& signature) {
  std::string rows;
  for (const auto& library : signature.libraries) rows += "operators ops/" + library + '\n';
  if (!signature.engine.empty()) rows += "engine    " + signature.engine + '\n';
  if (signature.sequence) rows += "state     kept from call to call\n";
  return rows;
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

std::string to_text(const BenchReport& report) {
  return counted(static_cast<std::size_t>(report.calls), "call") + ", " +
         counted(static_cast<std::size_t>(report.threads), "thread") + ": p50 " +
         fixed(report.p50_ms, 3) + " ms, p90 " + fixed(report.p90_ms, 3) + " ms, p99 " +
         fixed(report.p99_ms, 3) + " ms, " + fixed(report.calls_per_second, 1) + " calls/s";
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
  text += "libtorch  " + libtorch_version() + ", " + report.cpu_capability + '\n';
  return text + "devices   cpu, " + cuda_text(report.cuda);
}

}  // namespace {{ cookiecutter.__identifier }}
