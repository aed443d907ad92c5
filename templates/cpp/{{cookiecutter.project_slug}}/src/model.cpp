// The only file that includes LibTorch's headers: they cost ten seconds of compile time.
// <torch/script.h> would cost a quarter more.
#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <ATen/ScalarOps.h>
#include <ATen/Version.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/from_blob.h>
#include <c10/core/InferenceMode.h>
#include <torch/csrc/jit/serialization/import.h>
#include <torch/cuda.h>
#include <torch/version.h>

#include <algorithm>
#include <array>
#include <fstream>

#include "{{ cookiecutter.project_slug }}/runtime.hpp"

#include "runtime/check.hpp"
#include "runtime/device.hpp"
#include "runtime/model_file.hpp"
#include "runtime/reason.hpp"
#include "runtime/shared_library.hpp"

namespace {{ cookiecutter.__identifier }} {
namespace {

using NamedTensors = std::vector<std::pair<std::string, at::Tensor>>;

// In the order of DType.
constexpr std::array scalar_types = {
    c10::ScalarType::Byte,     c10::ScalarType::Char,         c10::ScalarType::Short,
    c10::ScalarType::Int,      c10::ScalarType::Long,         c10::ScalarType::Half,
    c10::ScalarType::BFloat16, c10::ScalarType::Float,        c10::ScalarType::Double,
    c10::ScalarType::Bool,     c10::ScalarType::ComplexFloat, c10::ScalarType::ComplexDouble,
};

std::string reason(const std::exception& error) {
  const auto* const torch_error = dynamic_cast<const c10::Error*>(&error);
  return first_reason(torch_error != nullptr ? torch_error->what_without_backtrace()
                                             : error.what());
}

// ---- Tensors in and out ----

at::Tensor to_torch(const Tensor& tensor, c10::Device device) {
  const auto type = scalar_types[static_cast<std::size_t>(tensor.dtype())];
  // LibTorch has no tensor of const memory.
  auto* const data = const_cast<void*>(tensor.data());
  return at::from_blob(data, tensor.shape(), at::TensorOptions(type)).to(device);
}

DType dtype_of_output(const std::string& name, const at::Tensor& tensor) {
  const auto* const found = std::find(
      scalar_types.data(), scalar_types.data() + scalar_types.size(), tensor.scalar_type());
  if (found == scalar_types.data() + scalar_types.size() || tensor.layout() != c10::kStrided)
    throw Error("output " + name +
                    " is a tensor of a kind this program does not know: " + tensor.toString(),
                "let the model return ordinary dense tensors");
  return static_cast<DType>(std::distance(scalar_types.data(), found));
}

bool shares_memory(const at::Tensor& tensor, const std::vector<c10::IValue>& inputs) {
  return std::any_of(inputs.begin(), inputs.end(), [&](const c10::IValue& input) {
    return input.toTensor().is_alias_of(tensor);
  });
}

/// Shares the memory of LibTorch's tensor, unless that memory is the caller's own.
Tensor from_torch(const std::string& name, const at::Tensor& output,
                  const std::vector<c10::IValue>& inputs) {
  const auto dtype = dtype_of_output(name, output);
  auto tensor = output.resolve_conj().resolve_neg().to(c10::kCPU).contiguous();
  if (shares_memory(tensor, inputs)) tensor = tensor.clone();
  const auto owner = std::make_shared<const at::Tensor>(tensor);
  return Tensor(dtype, owner->sizes().vec(), std::shared_ptr<const void>(owner, owner->data_ptr()));
}

// ---- Nested outputs: each tensor gets the name that its path spells ----

void flatten(const c10::IValue& value, const std::string& path, NamedTensors& leaves);

std::string join(const std::string& path, const std::string& key) {
  return path.empty() ? key : path + '.' + key;
}

void flatten_tuple(const c10::ivalue::Tuple& tuple, const std::string& path, NamedTensors& leaves) {
  const auto schema = tuple.type()->schema();  // only a NamedTuple has one
  for (std::size_t i = 0; i < tuple.elements().size(); ++i) {
    const auto key = schema ? schema->arguments()[i].name() : std::to_string(i);
    flatten(tuple.elements()[i], join(path, key), leaves);
  }
}

void flatten_list(c10::ArrayRef<c10::IValue> list, const std::string& path, NamedTensors& leaves) {
  for (std::size_t i = 0; i < list.size(); ++i)
    flatten(list[i], join(path, std::to_string(i)), leaves);
}

void flatten_dict(const c10::IValue& value, const std::string& path, NamedTensors& leaves) {
  for (const auto& item : value.toGenericDict()) {
    if (!item.key().isString() && !item.key().isInt())
      throw Error("output " + path + " is a dict whose keys are neither str nor int",
                  "let the model return a dict with str or int keys");
    const auto key =
        item.key().isInt() ? std::to_string(item.key().toInt()) : item.key().toStringRef();
    flatten(item.value(), join(path, key), leaves);
  }
}

void flatten(const c10::IValue& value, const std::string& path, NamedTensors& leaves) {
  const auto name = path.empty() ? "output" : path;
  if (value.isNone() || (value.isTensor() && !value.toTensor().defined())) return;
  if (value.isTensor()) return void(leaves.emplace_back(name, value.toTensor()));
  if (value.isInt() || value.isDouble() || value.isBool())
    return void(leaves.emplace_back(name, c10::scalar_to_tensor(value.toScalar())));
  if (value.isTuple()) return flatten_tuple(value.toTupleRef(), path, leaves);
  if (value.isList()) return flatten_list(value.toListRef(), path, leaves);
  if (value.isGenericDict()) return flatten_dict(value, path, leaves);
  throw Error("output " + name + " is a " + value.tagKind() + ", not a tensor or a number",
              "let the model return tensors, numbers, and tuples, lists and dicts of them");
}

// ---- Outputs in the signature's order ----

/// Tracing forgets a NamedTuple's field names but not their order: where a name is missing, the
/// position decides for all.
NamedTensors in_order(const NamedTensors& leaves, const std::vector<Leaf>& wanted) {
  check_output_count(wanted.size(), leaves.size());
  NamedTensors ordered;
  for (const auto& leaf : wanted) {
    const auto same_name = [&](const auto& candidate) { return candidate.first == leaf.name; };
    const auto found = std::find_if(leaves.begin(), leaves.end(), same_name);
    if (found == leaves.end()) return leaves;
    ordered.push_back(*found);
  }
  return ordered;
}

std::vector<Tensor> answer(const c10::IValue& value, const std::vector<Leaf>& wanted,
                           const std::vector<c10::IValue>& inputs) {
  NamedTensors leaves;
  flatten(value, "", leaves);
  leaves = in_order(leaves, wanted);
  std::vector<Tensor> outputs;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    outputs.push_back(from_torch(wanted[i].name, leaves[i].second, inputs));
    check_output(wanted[i], outputs.back());
  }
  return outputs;
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

torch::jit::Module load_module(const std::filesystem::path& path, c10::Device device,
                               torch::jit::ExtraFilesMap& extra) {
  // A stream opens any path; LibTorch's own way in takes narrow strings, which Windows mangles.
  std::ifstream file(path, std::ios::binary);
  auto module = torch::jit::load(file, c10::Device(c10::kCPU), extra);
  module.to(device);
  return module;
}

torch::jit::Method forward_of(const torch::jit::Module& module, const std::filesystem::path& path) {
  const auto method = module.find_method("forward");
  if (!method) throw load_error(path, "it has no method forward()");
  return *method;
}

Error model_raised(const std::string& why) {
  return Error("the model raised: " + why,
               "the inputs fit the signature, so the reason is in the model: try them in Python");
}

}  // namespace

struct Runtime::Implementation {
  torch::jit::Method forward;
  Signature signature;
  c10::Device device;
};

Runtime::Runtime(const std::filesystem::path& model, Device device) {
  check_model_file(model);
  const auto target = usable(device);
  torch::jit::ExtraFilesMap extra;
  extra["signature.tsgen"];
  const auto module = translated([&] { return load_module(model, target, extra); },
                                 [&](const std::string& why) { return load_error(model, why); });
  implementation_ = std::make_shared<const Implementation>(Implementation{
      forward_of(module, model), signature_of(model, extra["signature.tsgen"]), target});
}

const Signature& Runtime::signature() const noexcept { return implementation_->signature; }

std::vector<Tensor> Runtime::run(const std::vector<Tensor>& inputs) const {
  const auto& [forward, signature, device] = *implementation_;
  check_inputs(signature, inputs);
  const c10::InferenceMode no_gradients;
  return translated(
      [&, &forward = forward, &signature = signature, &device = device] {
        std::vector<c10::IValue> arguments;
        for (const auto& input : inputs) arguments.emplace_back(to_torch(input, device));
        return answer(forward(arguments), signature.outputs, arguments);
      },
      model_raised);
}

void Runtime::require(std::string_view expected) const {
  check_same_leaves(expected, leaf_lines(signature()));
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
