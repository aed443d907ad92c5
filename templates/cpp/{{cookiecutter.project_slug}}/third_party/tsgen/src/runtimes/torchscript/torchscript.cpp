// SPDX-License-Identifier: 0BSD
// The only file that LibTorch's headers are compiled for: they cost ten seconds. <torch/script.h>
// would cost a quarter more, and so would the headers of all operators, which this word leaves out.
#define AT_PER_OPERATOR_HEADERS
#include <ATen/Context.h>
#include <ATen/Version.h>
#include <ATen/ops/empty.h>
#include <c10/core/InferenceMode.h>
#include <caffe2/serialize/inline_container.h>
#include <torch/csrc/jit/serialization/import.h>
#include <torch/cuda.h>
#include <torch/version.h>

#include <algorithm>
#include <istream>
#include <memory>
#include <string_view>
#include <vector>

#include "tsgen/device.hpp"
#include "tsgen/model.hpp"

#include "core/runtime.hpp"
#include "core/shared_library.hpp"
#include "runtimes/torchscript/archive.hpp"
#include "runtimes/torchscript/gpu_driver.hpp"
#include "runtimes/torchscript/libraries.hpp"
#include "runtimes/torchscript/model_file.hpp"
#include "runtimes/torchscript/pack.hpp"
#include "runtimes/torchscript/reason.hpp"
#include "runtimes/torchscript/settings.hpp"
#include "runtimes/torchscript/threads.hpp"
#include "runtimes/torchscript/unpack.hpp"

namespace tsgen {
inline namespace TSGEN_ABI {
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

/// Of the records that LibTorch can expand; it knows them without the folder that all lie in.
void check_records(const Source& source, caffe2::serialize::PyTorchStreamReader& archive,
                   const std::vector<Record>& compressed) {
  for (const auto& record : compressed) {
    const auto unreadable = [&](const std::string&) {
      return damaged(source, "its record " + record.name + " cannot be expanded");
    };
    const auto [data, size] =
        translated([&] { return archive.getRecord(record.name.substr(record.name.find('/') + 1)); },
                   unreadable);
    check_record(source, record, {static_cast<const char*>(data.get()), size});
  }
}

/// The signature's text, before anything of the model is built; "" when there is none.
std::string signature_text(const Source& source) {
  const auto compressed = check_archive(source);
  const auto stream = source.open();
  caffe2::serialize::PyTorchStreamReader archive(stream.get());
  check_records(source, archive, compressed);
  constexpr auto record = "extra/signature.tsgen";
  if (!archive.hasRecord(record)) return "";
  const auto [data, size] = archive.getRecord(record);
  return {static_cast<const char*>(data.get()), size};
}

/// A frozen model's weights are constants of its graph, ordered for the CPU.
void check_movable(const Source& source, const Signature& signature, c10::Device device) {
  if (device.is_cpu()) return;
  if (!signature.tune.empty())
    throw Error(source.subject() + " was made for the CPU, by --tune " + signature.tune,
                "export it without --tune, or use --device cpu");
  if (!signature.cpu_only.empty())
    throw Error(source.subject() + " runs on the CPU only: " + signature.cpu_only,
                "make the tensors there on the device of an input, and export it again; or use "
                "--device cpu");
}

/// What it makes of the weights lies as this CPU likes it, and in no file.
torch::jit::Module tuned(torch::jit::Module module, const Signature& signature) {
  if (signature.tune != "optimize") return module;
  std::vector<std::string> others;
  for (const auto& entry : signature.entries)
    if (entry.name != "forward") others.push_back(entry.name);
  return torch::jit::optimize_for_inference(module, others);
}

torch::jit::Module load_module(const Source& source, c10::Device device) {
  // A stream opens any path; LibTorch's own way in takes narrow strings, which Windows mangles.
  // Given the device there, it brings what no .to() reaches: tensors in lists and in the code.
  const c10::InferenceMode recordable(false);
  const auto stream = source.open();
  return torch::jit::load(*stream, device);
}

std::vector<torch::jit::Method> methods_of(const torch::jit::Module& module,
                                           const Signature& signature, const Source& source) {
  std::vector<torch::jit::Method> methods;
  for (const auto& entry : signature.entries) {
    const auto method = module.find_method(entry.name);
    if (!method) throw load_error(source, "it has no method " + entry.name + "()");
    methods.push_back(*method);
  }
  return methods;
}

Error model_raised(const std::string& why) {
  return Error("the model raised: " + why,
               "the inputs fit the signature, so the reason is in the model: try them in Python");
}

class TorchScriptModel : public LoadedModel {
 public:
  TorchScriptModel(std::vector<torch::jit::Method> methods, Signature signature, c10::Device device)
      : methods_(std::move(methods)), signature_(std::move(signature)), device_(device) {}

  const Signature& signature() const noexcept override { return signature_; }

  std::vector<NamedTensor> call(std::size_t index, const std::vector<Slot>& slots) const override {
    const c10::InferenceMode no_gradients(!signature_.gradients);
    return translated([&] { return call(methods_[index], index, slots); }, model_raised);
  }

  void warm_up(std::size_t index, const std::vector<Slot>& slots) const override {
    const c10::InferenceMode no_gradients(!signature_.gradients);
    translated(
        [&] {
          const auto method = spare(index);
          for (int i = 0; i < calls_until_steady; ++i) call(method, index, slots);
        },
        model_raised);
  }

 private:
  // One that is watched, one in which the graph is optimised, and one more for what the kernels of
  // the optimised graph keep: their threads, their packed weights.
  static constexpr int calls_until_steady = 3;

  std::vector<NamedTensor> call(const torch::jit::Method& method, std::size_t index,
                                const std::vector<Slot>& slots) const {
    const auto& entry = signature_.entries[index];
    threads::follow();
    const settings::FlushedDenormals flushed(signature_.settings);
    Lent lent{signature_.has_state(), {}};
    auto arguments = pack(entry, slots, method.function().getSchema(), device_, lent);
    return unpack(entry, method(std::move(arguments)), lent);
  }

  /// The method, on other state than the model's own: a copy has the same code, and it is the code
  /// that keeps the optimised graph.
  torch::jit::Method spare(std::size_t index) const {
    if (!signature_.has_state()) return methods_[index];
    return methods_[index].owner().deepcopy().get_method(signature_.entries[index].name);
  }

  std::vector<torch::jit::Method> methods_;  // in the order of the signature's entries
  Signature signature_;
  c10::Device device_;
};

void open_operators(const Source& source, const LoadOptions& options, const Signature& signature) {
  auto folder = options.operators;
  if (folder.empty() && source.in_memory() && !signature.libraries.empty())
    throw Error(source.subject() + " needs the operators in " + signature.libraries.front().file +
                    ", and memory has no folder beside it",
                "name the folder of the operator libraries in LoadOptions");
  if (folder.empty()) folder = source.file().parent_path() / "ops";
  open_operator_libraries(folder, signature.libraries);
}

}  // namespace

std::unique_ptr<const LoadedModel> load_model(const Source& source, const LoadOptions& options) {
  check_model_file(source);
  const auto target = usable(options.device);
  const auto unloadable = [&](const std::string& why) { return load_error(source, why); };
  const auto text = translated([&] { return signature_text(source); }, unloadable);
  const auto signature = text.empty() ? Signature() : signature_of(source, text);
  settings::set_engine(signature.engine);
  settings::apply(signature.settings);
  open_operators(source, options, signature);
  check_movable(source, signature, target);
  const auto module =
      translated([&] { return tuned(load_module(source, target), signature); }, unloadable);
  if (text.empty()) throw no_signature(source);
  return std::make_unique<const TorchScriptModel>(methods_of(module, signature, source), signature,
                                                  target);
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
  // NOLINTNEXTLINE(bugprone-signed-char-misuse,cert-str34-c): a count in few bits, and no character
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

int thread_count() { return at::get_num_threads(); }

void set_thread_count(int threads) {
  TSGEN_ABI::threads::chosen() = threads;
  TSGEN_ABI::threads::follow();
}

void forbid_tf32() { at::globalContext().setAllowTF32CuDNN(false); }

}  // namespace TSGEN_ABI
}  // namespace tsgen
