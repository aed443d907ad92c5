// SPDX-License-Identifier: 0BSD
#include "runner/report/json.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "core/numbers.hpp"
#include "core/text.hpp"
#include "runner/report/json_writer.hpp"

namespace tsgen {
inline namespace TSGEN_ABI {
namespace {

JsonObject first_values(const NamedTensor& output, const Node& what) {
  std::vector<std::size_t> indices(std::min(output.tensor.size(), shown_values));
  std::iota(indices.begin(), indices.end(), std::size_t{0});
  JsonObject object;
  object.add("name", output.name)
      .add("dtype", to_string(output.tensor.dtype()))
      .add("shape", output.tensor.shape())
      .add("first", json_array(indices, [&](std::size_t index) {
             return exact_text(output.tensor, index);
           }));
  if (is_text(what, output.name)) object.add("text", text_of(output.tensor));
  return object;
}

JsonObject output_object(const OutputReport& output) {
  const auto& comparison = output.comparison;
  JsonObject object;
  object.add("name", output.name)
      .add("dtype", to_string(output.dtype))
      .add("shape", output.shape)
      .add("passed", comparison.passed)
      .add("max_abs", comparison.max_abs)
      .add("max_rel", comparison.max_rel)
      .add("mismatches", comparison.mismatches);
  if (comparison.index)
    object.add("index", *comparison.index)
        .add("expected", comparison.expected)
        .add("actual", comparison.actual);
  else
    object.add("index", nullptr).add("expected", nullptr).add("actual", nullptr);
  if (const auto& errors = comparison.errors)
    object.add("float64_error", errors->ours)
        .add("python_float64_error", errors->python)
        .add("limit", errors->limit);
  else
    object.add("float64_error", nullptr).add("python_float64_error", nullptr).add("limit", nullptr);
  return object.add("problem", comparison.problem);
}

const char* demand_word(const Demand& demand) {
  if (demand.exact) return "exact";
  return demand.floor ? "floor" : "tolerance";
}

JsonObject case_object(const CaseReport& report) {
  return JsonObject()
      .add("name", report.name)
      .add("method", report.method)
      .add("milliseconds", report.milliseconds)
      .add("outputs", json_array(report.outputs, output_object));
}

std::string dimension_json(const Dimension& dimension) {
  return dimension.is_fixed() ? to_json(dimension.size) : to_json(dimension.name);
}

JsonText shape_json(const Node& node) {
  if (node.any_shape) return {to_json(nullptr)};
  return json_array(node.shape,
                    [](const Dimension& dimension) { return JsonText{dimension_json(dimension)}; });
}

/// As in the manifest: text, where JSON has no such number.
JsonText default_json(const Node& node) {
  const auto& text = *node.default_value;
  const bool finite = node.kind == Kind::real && std::isfinite(parse_any_real(text).value_or(0));
  const bool literal = finite || node.kind == Kind::integer || node.kind == Kind::boolean;
  return {literal ? text : to_json(text)};
}

/// As in the manifest: what is not said has its default.
JsonObject node_object(const Node& node) {
  JsonObject object;
  object.add("name", node.name).add("kind", to_string(node.kind));
  if (node.kind == Kind::tensor)
    object.add("dtype", to_string(node.dtype)).add("shape", shape_json(node));
  if (node.optional) object.add("optional", true);
  if (!node.type.empty()) object.add("type", node.type);
  if (node.kind == Kind::constant) object.add("value", node.value);
  if (node.default_value) object.add("default", default_json(node));
  if (node.written) object.add("written", true);
  return object;
}

void append_preorder(const Node& node, std::vector<Node>& nodes) {
  nodes.push_back(node);
  for (const auto& child : node.children) append_preorder(child, nodes);
}

JsonText nodes_json(const std::vector<Node>& roots) {
  std::vector<Node> nodes;
  for (const auto& root : roots) append_preorder(root, nodes);
  return json_array(nodes, node_object);
}

JsonObject cuda_object(const CudaStatus& cuda) {
  constexpr std::array states = {"ready", "absent", "unusable"};
  return JsonObject()
      .add("state", states[static_cast<std::size_t>(cuda.state)])
      .add("devices", cuda.devices)
      .add("problem", cuda.problem)
      .add("hint", cuda.hint);
}

JsonText devices_json(const CudaStatus& cuda) {
  std::vector<Device> devices = {Device{}};
  for (int index = 0; index < cuda.devices; ++index) devices.push_back({Device::Kind::cuda, index});
  return json_array(devices, [](Device device) { return to_string(device); });
}

JsonObject sizes_object(const std::vector<NamedSize>& sizes) {
  JsonObject object;
  for (const auto& size : sizes) object.add(size.name, size.size);
  return object;
}

std::vector<std::string> files_of(const std::vector<OperatorLibrary>& libraries) {
  std::vector<std::string> files;
  for (const auto& library : libraries) files.push_back(library.file);
  return files;
}

JsonText texts_json(const std::vector<std::string>& texts) {
  return json_array(texts, [](const std::string& text) { return text; });
}

JsonObject switch_object(const Switch& one) {
  return JsonObject().add("name", one.name).add("value", one.value);
}

JsonObject method_object(const Entry& entry) {
  return JsonObject()
      .add("inputs", nodes_json(entry.inputs))
      .add("outputs", nodes_json({entry.output}))
      .add("dims", sizes_object(entry.dims))
      .add("writes", texts_json(entry.writes));
}

JsonObject setting_object(const Setting& setting) {
  return JsonObject()
      .add("callers", setting.callers)
      .add("threads", setting.threads)
      .add("p50_ms", setting.times.p50_ms)
      .add("p90_ms", setting.times.p90_ms)
      .add("p99_ms", setting.times.p99_ms)
      .add("calls_per_second", setting.calls_per_second);
}

/// The methods besides forward.
JsonObject methods_object(const Signature& signature) {
  JsonObject object;
  for (std::size_t i = 1; i < signature.entries.size(); ++i)
    object.add(signature.entries[i].name, method_object(signature.entries[i]));
  return object;
}

}  // namespace

std::string to_json(const RunReport& report) {
  return JsonObject()
      .add("model", report.model)
      .add("device", to_string(report.device))
      .add("threads", report.threads)
      .add("torch_version", libtorch_version())
      .add("outputs", json_array(report.outputs,
                                 [&](const NamedTensor& output) {
                                   return first_values(output, report.output);
                                 }))
      .text();
}

std::string to_json(const VerifyReport& report) {
  return JsonObject()
      .add("model", report.model)
      .add("device", to_string(report.device))
      .add("threads", report.threads)
      .add("torch_version", libtorch_version())
      .add("demand", demand_word(report.demand))
      .add("reason", report.demand.reason)
      .add("passed", report.passed)
      .add("cases", json_array(report.cases, case_object))
      .text();
}

std::string to_json(const StressReport& report) {
  return JsonObject()
      .add("model", report.model)
      .add("device", to_string(report.device))
      .add("callers", report.callers)
      .add("calls", report.calls)
      .add("compared", report.compared)
      .add("wrong", report.wrong)
      .add("problem", report.problem)
      .text();
}

std::string to_json(const BenchReport& report) {
  const auto numbers = JsonObject()
                           .add("calls", report.calls)
                           .add("threads", report.threads)
                           .add("first_ms", report.first_ms)
                           .add("second_ms", report.second_ms)
                           .add("p50_ms", report.steady.p50_ms)
                           .add("p90_ms", report.steady.p90_ms)
                           .add("p99_ms", report.steady.p99_ms)
                           .add("calls_per_second", report.calls_per_second);
  return JsonObject().add("bench", numbers).text();
}

std::string to_json(const SweepReport& report) {
  const auto settings = json_array(report.settings, setting_object);
  const auto numbers = JsonObject()
                           .add("calls", report.calls)
                           .add("settings", settings)
                           .add("best", setting_object(report.best()));
  return JsonObject().add("bench", numbers).text();
}

std::string to_json(const InfoReport& report) {
  const auto& signature = report.signature;
  return JsonObject()
      .add("model", report.model)
      .add("exported_model", signature.model)
      .add("exported_by", "torch " + signature.torch_version)
      .add("method", signature.method)
      .add("call", signature.forward().flat ? "flat" : "nested")
      .add("engine", signature.engine)
      .add("settings", json_array(signature.settings, switch_object))
      .add("gradients", signature.gradients)
      .add("cpu_only", signature.cpu_only)
      .add("tune", signature.tune)
      .add("sequence", signature.sequence)
      .add("writes", texts_json(signature.forward().writes))
      .add("libraries", texts_json(files_of(signature.libraries)))
      .add("dims", sizes_object(signature.forward().dims))
      .add("inputs", nodes_json(signature.forward().inputs))
      .add("outputs", nodes_json({signature.forward().output}))
      .add("methods", methods_object(signature))
      .add("torch_version", libtorch_version())
      .add("cpu_capability", report.cpu_capability)
      .add("devices", devices_json(report.cuda))
      .add("cuda", cuda_object(report.cuda))
      .text();
}

std::string to_json(const Error& error) {
  const auto words = JsonObject().add("message", error.what()).add("hint", error.hint());
  return JsonObject().add("error", words).text();
}

}  // namespace TSGEN_ABI
}  // namespace tsgen
