// The only file that LibTorch's headers are compiled for: they cost ten seconds. <torch/script.h>
// would cost a quarter more.
#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <ATen/Version.h>
#include <ATen/ops/empty.h>
#include <c10/core/InferenceMode.h>
#include <caffe2/serialize/inline_container.h>
#include <torch/csrc/jit/serialization/import.h>
#include <torch/cuda.h>
#include <torch/version.h>

#include <algorithm>
#include <cctype>
#include <fstream>

#include "{{ cookiecutter.project_slug }}/runtime.hpp"

#include "runtime/bind.hpp"
#include "runtime/check.hpp"
#include "runtime/device.hpp"
#include "runtime/libraries.hpp"
#include "runtime/model_file.hpp"
#include "runtime/pack.hpp"
#include "runtime/reason.hpp"
#include "runtime/shared_library.hpp"
#include "runtime/unpack.hpp"

namespace {{ cookiecutter.__identifier }} {
namespace {

std::string reason(const std::exception& error) {
  const auto* const torch_error = dynamic_cast<const c10::Error*>(&error);
  return first_reason(torch_error != nullptr ? torch_error->what_without_backtrace()
                                             : error.what());
}

// ---- Loading ----

c10::Device usable(Device device) {
  if (device.kind == Device::Kind::cpu) return c10::kCPU;
  const auto& cuda = cuda_status();
  if (cuda.devices == 0) throw Error("no CUDA device: " + cuda.problem, cuda.hint);
  if (device.index >= cuda.devices)
    throw Error("there is no " + to_string(device) + ": this machine has " +
                    std::to_string(cuda.devices) + " CUDA devices",
                "use --device cuda:0");
  return {c10::kCUDA, static_cast<c10::DeviceIndex>(device.index)};
}

/// Runs what may throw LibTorch's exceptions and turns them into ours.
template <typename Action, typename Translate>
auto translated(const Action& action, const Translate& translate) {
  try {
    return action();
  } catch (const Error&) {
    throw;
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const std::exception& error) {
    throw translate(reason(error));
  }
}

/// The signature's text, before anything of the model is built; "" when there is none.
std::string signature_text(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  caffe2::serialize::PyTorchStreamReader archive(&file);
  constexpr auto record = "extra/signature.tsgen";
  if (!archive.hasRecord(record)) return "";
  const auto [data, size] = archive.getRecord(record);
  return {static_cast<const char*>(data.get()), size};
}

std::string lower_case(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

/// Quantized weights are packed for an engine while a model is loaded.
void set_engine(const std::string& wanted) {
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

torch::jit::Module load_module(const std::filesystem::path& path, c10::Device device) {
  // A stream opens any path; LibTorch's own way in takes narrow strings, which Windows mangles.
  std::ifstream file(path, std::ios::binary);
  auto module = torch::jit::load(file, c10::Device(c10::kCPU));
  module.to(device);
  return module;
}

std::vector<torch::jit::Method> methods_of(const torch::jit::Module& module,
                                           const Signature& signature,
                                           const std::filesystem::path& path) {
  std::vector<torch::jit::Method> methods;
  for (const auto& entry : signature.entries) {
    const auto method = module.find_method(entry.name);
    if (!method) throw load_error(path, "it has no method " + entry.name + "()");
    methods.push_back(*method);
  }
  return methods;
}

Error model_raised(const std::string& why) {
  return Error("the model raised: " + why,
               "the inputs fit the signature, so the reason is in the model: try them in Python");
}

}  // namespace

struct Runtime::Implementation {
  std::vector<torch::jit::Method> methods;  // in the order of the signature's entries
  Signature signature;
  c10::Device device;

  std::vector<NamedTensor> call(const Entry& entry, const std::vector<NamedTensor>& inputs) const {
    const auto slots = bind(entry, inputs);
    const c10::InferenceMode no_gradients;
    return translated(
        [&] {
          auto method = methods[static_cast<std::size_t>(&entry - signature.entries.data())];
          Lent lent{signature.sequence, {}};
          auto arguments = pack(entry, slots, method.function().getSchema(), device, lent);
          return unpack(entry, method(std::move(arguments)), lent);
        },
        model_raised);
  }
};

Runtime::Runtime(const std::filesystem::path& model, Device device) {
  check_model_file(model);
  const auto target = usable(device);
  const auto unloadable = [&](const std::string& why) { return load_error(model, why); };
  const auto text = translated([&] { return signature_text(model); }, unloadable);
  const auto signature = text.empty() ? Signature() : signature_of(model, text);
  set_engine(signature.engine);
  open_operator_libraries(model.parent_path() / "ops", signature.libraries);
  const auto module = translated([&] { return load_module(model, target); }, unloadable);
  if (text.empty()) throw no_signature(model);
  implementation_ = std::make_shared<const Implementation>(
      Implementation{methods_of(module, signature, model), signature, target});
}

const Signature& Runtime::signature() const noexcept { return implementation_->signature; }

std::vector<NamedTensor> Runtime::run(const std::vector<NamedTensor>& inputs) const {
  return implementation_->call(signature().forward(), inputs);
}

std::vector<NamedTensor> Runtime::run(std::string_view method,
                                      const std::vector<NamedTensor>& inputs) const {
  return implementation_->call(signature().entry(method), inputs);
}

void Runtime::require(std::string_view expected) const {
  check_same_lines(expected, signature().lines);
}

// ---- LibTorch itself ----

std::string libtorch_version() { return TORCH_VERSION; }

std::string cpu_capability() {
  // at::get_cpu_capability() says it directly, but only from LibTorch 2.1 on.
  constexpr std::string_view label = "CPU capability usage: ";
  const auto config = at::show_config();
  const auto begin = config.find(label);
  if (begin == std::string::npos) return "";
  const auto value = begin + label.size();
  return config.substr(value, config.find('\n', value) - value);
}

int thread_count() { return at::get_num_threads(); }
void set_thread_count(int threads) { at::set_num_threads(threads); }

// ---- CUDA ----
namespace {

/// LibTorch counts no GPU without a word, but says why when it must use one.
std::string why_no_gpu() {
  try {
    at::empty({1}, at::TensorOptions(c10::kCUDA));
    return "LibTorch found no GPU";
  } catch (const std::exception& error) {
    const auto why = reason(error);
    return why.substr(0, why.find(". "));
  }
}

CudaStatus find_cuda() {
  using State = CudaStatus::State;
  // Before the first question about CUDA: LibTorch remembers the answer. Linked, it slows each start.
  const auto missing = open_shared_library("torch_cuda", "torch_cpu");
  const bool amd = !missing.empty() && open_shared_library("torch_hip", "torch_cpu").empty();
  if (!missing.empty() && !amd)
    return {State::unusable, 0, "LibTorch's CUDA library cannot be loaded (" + missing + ")",
            "use a LibTorch with CUDA, or --device cpu"};
  if (const auto devices = static_cast<int>(torch::cuda::device_count()); devices > 0)
    return {State::ready, devices, "", ""};
  const auto why = why_no_gpu();
  if (why.find("without ATen_cuda") != std::string::npos)
    return {State::unusable, 0, "LibTorch had looked for CUDA before this program asked for it",
            "call cuda_status() before the first model runs"};
  if (const auto lacks = amd ? no_amd_gpu() : no_nvidia_gpu(); !lacks.empty())
    return {State::absent, 0, lacks, "install a GPU and its driver, or use --device cpu"};
  return {State::unusable, 0, "LibTorch cannot use this machine's GPU (" + why + ")",
          "update the GPU's driver to one for this LibTorch's CUDA, or use --device cpu"};
}

}  // namespace

const CudaStatus& cuda_status() {
  static const CudaStatus status = find_cuda();
  return status;
}

void forbid_tf32() { at::globalContext().setAllowTF32CuDNN(false); }

}  // namespace {{ cookiecutter.__identifier }}
