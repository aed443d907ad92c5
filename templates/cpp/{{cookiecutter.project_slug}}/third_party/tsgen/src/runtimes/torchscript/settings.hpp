// SPDX-License-Identifier: 0BSD
#pragma once

// A part of torchscript.cpp in a file of its own, like pack.hpp.
#include <ATen/Context.h>
#include <torch/version.h>

#include <algorithm>
#include <cctype>
#include <mutex>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include "tsgen/error.hpp"
#include "tsgen/signature.hpp"

#include "core/text.hpp"

namespace tsgen {
inline namespace TSGEN_ABI {
namespace settings {

inline std::string lower_case(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

/// Quantized weights are packed for an engine while a model is loaded.
inline void set_engine(const std::string& wanted) {
  if (wanted.empty()) return;
  std::string names;
  for (const auto engine : at::globalContext().supportedQEngines()) {
    const auto name = lower_case(c10::toString(engine));
    if (name == wanted) return at::globalContext().setQEngine(engine);
    names += (names.empty() ? "" : ", ") + name;
  }
  throw Error(
      "the model needs the quantized engine " + wanted + ", which this LibTorch does not have",
      "export the model with one of its engines (" + names + "), or use another LibTorch");
}

[[noreturn]] inline void fail(const Switch& setting) {
  throw Error("the model needs the setting " + setting.name + " = " + setting.value +
                  ", which this LibTorch does not have",
              "use the LibTorch that exported it, or take the setting out of the model's code");
}

#if TORCH_VERSION_MAJOR > 2 || (TORCH_VERSION_MAJOR == 2 && TORCH_VERSION_MINOR >= 9)
/// LibTorch 2.9 takes texts, later ones take enumerations.
template <typename Backend, typename Op, typename Precision>
bool set_precision(void (at::Context::*set)(Backend, Op, Precision), const std::string& backend,
                   const std::string& op, const std::string& value) {
  auto& context = at::globalContext();
  if constexpr (std::is_enum_v<Precision>) {
    const auto place = backend == "mkldnn" ? Backend::MKLDNN : Backend::GENERIC;
    const auto what = op == "matmul" ? Op::MATMUL
                      : op == "conv" ? Op::CONV
                      : op == "rnn"  ? Op::RNN
                                     : Op::ALL;
    if (value == "none") return (context.*set)(place, what, Precision::NONE), true;
    if (value == "ieee") return (context.*set)(place, what, Precision::IEEE), true;
    if (value == "tf32") return (context.*set)(place, what, Precision::TF32), true;
    if (value == "bf16") return (context.*set)(place, what, Precision::BF16), true;
    return false;
  } else {
    return (context.*set)(backend, op, value), true;
  }
}
#endif

/// Of float32: "fp32_precision.mkldnn.matmul".
inline bool set_precision(const Switch& setting) {
  const auto parts = split(setting.name, '.');
  if (parts.size() != 3 || parts[0] != "fp32_precision") return false;
#if TORCH_VERSION_MAJOR > 2 || (TORCH_VERSION_MAJOR == 2 && TORCH_VERSION_MINOR >= 9)
  return set_precision(&at::Context::setFloat32Precision, std::string(parts[1]),
                       std::string(parts[2]), setting.value);
#else
  return false;
#endif
}

inline bool set_attention(const Switch& setting) {
#if TORCH_VERSION_MAJOR >= 2
  const bool on = setting.value == "true";
  if (setting.name == "sdp_flash") return at::globalContext().setSDPUseFlash(on), true;
  if (setting.name == "sdp_math") return at::globalContext().setSDPUseMath(on), true;
#endif
  return setting.name.empty();
}

inline void set(const Switch& setting) {
  auto& context = at::globalContext();
  if (setting.name == "flush_denormal") return;  // of each thread, see FlushedDenormals
  if (setting.name == "float32_matmul_precision")
    return context.setFloat32MatmulPrecision(setting.value);
  if (setting.name == "deterministic")
    return context.setDeterministicAlgorithms(true, setting.value == "warn");
  if (setting.name == "mkldnn") return context.setUserEnabledMkldnn(setting.value == "true");
  if (!set_precision(setting) && !set_attention(setting)) fail(setting);
}

inline std::string text_of(const std::vector<Switch>& settings) {
  std::string text;
  for (const auto& one : settings)
    text += (text.empty() ? "" : ", ") + one.name + " = " + one.value;
  return text.empty() ? "none" : text;
}

/// What the model's code had set for the whole process. It holds for all models of a program: two
/// that need different settings cannot be in one.
inline void apply(const std::vector<Switch>& settings) {
  static std::mutex mutex;
  static std::optional<std::string> of_the_first;
  const std::lock_guard<std::mutex> lock(mutex);
  const auto wanted = text_of(settings);
  if (of_the_first && *of_the_first != wanted)
    throw Error("the model needs settings of the whole process (" + wanted +
                    ") other than those of a model that this program loaded before (" +
                    *of_the_first + ")",
                "run the two in processes of their own, or let both be defined with the same");
  for (const auto& one : settings) set(one);
  of_the_first = wanted;
}

/// While it lives, the calling thread takes the smallest numbers for zero, where that is wanted.
class FlushedDenormals {
 public:
  explicit FlushedDenormals(const std::vector<Switch>& settings) {
    const bool wanted = std::any_of(settings.begin(), settings.end(), [](const Switch& one) {
      return one.name == "flush_denormal" && one.value == "true";
    });
    if (!wanted || is_on()) return;
    set_ = true;
    at::globalContext().setFlushDenormal(true);
  }
  ~FlushedDenormals() {
    if (set_) at::globalContext().setFlushDenormal(false);
  }
  FlushedDenormals(const FlushedDenormals&) = delete;
  FlushedDenormals& operator=(const FlushedDenormals&) = delete;

 private:
  static bool is_on() {
    const volatile float tiny = 1e-40F;
    return tiny * 1.0F == 0.0F;
  }

  bool set_ = false;
};

}  // namespace settings
}  // namespace TSGEN_ABI
}  // namespace tsgen
