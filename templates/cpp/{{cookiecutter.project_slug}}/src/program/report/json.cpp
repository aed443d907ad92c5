#include "program/report/json.hpp"

#include <algorithm>
#include <array>
#include <numeric>

#include "program/numbers.hpp"
#include "program/report/json_writer.hpp"

namespace {{ cookiecutter.__identifier }} {
namespace {

JsonObject first_values(const NamedOutput& output) {
  std::vector<std::size_t> indices(std::min(output.tensor.size(), shown_values));
  std::iota(indices.begin(), indices.end(), std::size_t{0});
  return JsonObject()
      .add("name", output.name)
      .add("dtype", to_string(output.tensor.dtype()))
      .add("shape", output.tensor.shape())
      .add("first", json_array(indices, [&](std::size_t index) {
             return exact_text(output.tensor, index);
           }));
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
  return object.add("problem", comparison.problem);
}

JsonObject case_object(const CaseReport& report) {
  return JsonObject()
      .add("name", report.name)
      .add("milliseconds", report.milliseconds)
      .add("outputs", json_array(report.outputs, output_object));
}

std::string dimension_json(const Dimension& dimension) {
  return dimension.is_fixed() ? to_json(dimension.size) : to_json(dimension.name);
}

JsonObject leaf_object(const Leaf& leaf) {
  const auto shape = json_array(
      leaf.shape, [](const Dimension& dimension) { return JsonText{dimension_json(dimension)}; });
  return JsonObject()
      .add("name", leaf.name)
      .add("dtype", to_string(leaf.dtype))
      .add("shape", leaf.any_shape ? JsonText{to_json(nullptr)} : shape);
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

}  // namespace

std::string to_json(const RunReport& report) {
  return JsonObject()
      .add("model", report.model)
      .add("device", to_string(report.device))
      .add("threads", report.threads)
      .add("torch_version", libtorch_version())
      .add("outputs", json_array(report.outputs, first_values))
      .text();
}

std::string to_json(const VerifyReport& report) {
  return JsonObject()
      .add("model", report.model)
      .add("device", to_string(report.device))
      .add("threads", report.threads)
      .add("torch_version", libtorch_version())
      .add("demand", report.demand.exact ? "exact" : "tolerance")
      .add("reason", report.demand.reason)
      .add("passed", report.passed)
      .add("cases", json_array(report.cases, case_object))
      .text();
}

std::string to_json(const BenchReport& report) {
  const auto numbers = JsonObject()
                           .add("calls", report.calls)
                           .add("threads", report.threads)
                           .add("p50_ms", report.p50_ms)
                           .add("p90_ms", report.p90_ms)
                           .add("p99_ms", report.p99_ms)
                           .add("calls_per_second", report.calls_per_second);
  return JsonObject().add("bench", numbers).text();
}

std::string to_json(const InfoReport& report) {
  const auto& signature = report.signature;
  return JsonObject()
      .add("model", report.model)
      .add("exported_model", signature.model)
      .add("exported_by", "torch " + signature.torch_version)
      .add("method", signature.method)
      .add("dims", sizes_object(signature.dims))
      .add("inputs", json_array(signature.inputs, leaf_object))
      .add("outputs", json_array(signature.outputs, leaf_object))
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

}  // namespace {{ cookiecutter.__identifier }}
