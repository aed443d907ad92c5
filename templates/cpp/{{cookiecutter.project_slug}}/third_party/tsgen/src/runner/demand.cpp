// SPDX-License-Identifier: 0BSD
#include "runner/demand.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <optional>

#include "core/numbers.hpp"
#include "core/runtime.hpp"
#include "core/text.hpp"

namespace tsgen {
inline namespace TSGEN_ABI {
namespace {

/// "2.14.1+cu130" -> "2.14.1": what follows names the build, not the numerics on a CPU.
std::string_view public_version(std::string_view version) {
  return version.substr(0, version.find('+'));
}

/// The first value of a key in /proc/cpuinfo, "" on systems that have neither.
std::string cpuinfo_value(std::string_view key) {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    const auto colon = line.find(':');
    if (colon == std::string::npos || trim(std::string_view(line).substr(0, colon)) != key)
      continue;
    std::string value(trim(std::string_view(line).substr(colon + 1)));
    std::replace(value.begin(), value.end(), '/', ' ');
    std::replace(value.begin(), value.end(), '\t', ' ');
    return value;
  }
  return "";
}

/// The same text as the exporter writes: "AuthenticAMD/AMD EPYC 9B45/AVX512".
std::string cpu_identity() {
  constexpr std::array keys = {"vendor_id", "model name", "CPU implementer", "CPU part"};
  std::string identity;
  for (const auto* const key : keys) {
    if (const auto value = cpuinfo_value(key); !value.empty()) identity += value + '/';
  }
  return identity.empty() ? "" : identity + cpu_capability();
}

bool is_real(DType dtype) {
  constexpr std::array reals = {DType::float16, DType::bfloat16,  DType::float32,
                                DType::float64, DType::complex64, DType::complex128};
  return std::find(reals.begin(), reals.end(), dtype) != reals.end();
}

std::string why_not_exact(const CaseIndex& index, Device device) {
  const auto version = public_version(index.torch_version);
  if (const auto inexact = runtime_facts().inexact; !inexact.empty()) return std::string(inexact);
  if (device.kind != Device::Kind::cpu) return "device " + to_string(device);
  if (version != public_version(libtorch_version()))
    return "cases of torch " + std::string(version) + ", LibTorch " + libtorch_version();
  if (const auto threads = std::max(thread_count(), index.threads); threads > 1)
    return counted(static_cast<std::size_t>(threads), "thread");
  const auto here = cpu_identity();
  if (index.cpu.empty() || here.empty()) return "unknown CPU";
  if (index.cpu != here) return "cases of another CPU: " + index.cpu + ", this is " + here;
  return index.exact ? "" : "the exported module is not bit-exact in Python either";
}

}  // namespace

Demand demand_for(const CaseIndex& index, Device device) {
  auto reason = why_not_exact(index, device);
  const bool exact = reason.empty();
  return {exact, std::move(reason), !exact && !index.floors.empty()};
}

std::optional<Tolerance> tolerance_for(const Demand& demand, const CaseIndex& index, DType dtype) {
  if (demand.exact || !is_real(dtype)) return std::nullopt;
  const auto found = index.tolerances.find(dtype);
  if (found == index.tolerances.end())
    throw Error("the index of the cases has no tolerance for " + std::string(to_string(dtype)),
                "export the model again: tsgen build writes the cases");
  return found->second;
}

std::optional<double> floor_for(const Demand& demand, const CaseIndex& index, const CaseName& name,
                                const std::string& output) {
  const auto found = index.floors.find({name.method, output});
  if (demand.exact || found == index.floors.end()) return std::nullopt;
  return found->second;
}

}  // namespace TSGEN_ABI
}  // namespace tsgen
