// SPDX-License-Identifier: 0BSD
#include "runtimes/aotinductor/container.hpp"

#include <algorithm>
#include <string_view>
#include <thread>

#include "tsgen/error.hpp"

namespace tsgen {
inline namespace TSGEN_ABI {
namespace {

std::size_t instances() { return std::max<std::size_t>(1, std::thread::hardware_concurrency()); }

/// What went wrong in the model. LibTorch's own text names files of the machine that compiled.
std::string plain(std::string_view text) {
  constexpr std::string_view mark = " API call failed at ";
  const auto failed = text.find(mark);
  if (failed == std::string_view::npos) return std::string(text.substr(0, text.find('\n')));
  return "its operator " + std::string(text.substr(0, text.find('('))) + " failed";
}

/// A tensor that is answered twice comes as one handle, twice.
std::vector<OwnedTensor> owned(const std::vector<AtenTensorHandle>& answered) {
  std::vector<OwnedTensor> outputs;
  outputs.reserve(answered.size());
  for (auto one = answered.begin(); one != answered.end(); ++one) {
    auto* handle = *one;
    if (handle != nullptr && std::find(answered.begin(), one, handle) != one)
      aoti_torch_new_tensor_handle(*one, &handle);
    outputs.emplace_back(handle);
  }
  return outputs;
}

}  // namespace

Container::Container(const Source& source, const Library& library, std::size_t inputs,
                     std::size_t outputs)
    : run_(library.function<RunContainer>("AOTInductorModelContainerRun")),
      delete_(library.function<DeleteContainer>("AOTInductorModelContainerDelete")),
      last_error_(library.function<LastError>("AOTInductorGetLastError")),
      set_threads_(library.function<SetThreads>("tsgen_set_threads")),
      outputs_(outputs) {
  auto* const create =
      library.function<CreateContainer>("AOTInductorModelContainerCreateWithDevice");
  if (create(&handle_, instances(), "cpu", nullptr) != 0)
    throw Error(source.subject() + " cannot be loaded: " + last_error(),
                "build the project again: tsgen build");
  const auto takes = count(library, "AOTInductorModelContainerGetNumInputs");
  const auto gives = count(library, "AOTInductorModelContainerGetNumOutputs");
  if (takes == inputs && gives == outputs) return;
  delete_(handle_);
  throw Error(source.subject() + " takes " + std::to_string(takes) + " tensors and gives " +
                  std::to_string(gives) + ", its signature has " + std::to_string(inputs) +
                  " and " + std::to_string(outputs),
              "export the model again with tsgen");
}

Container::~Container() { delete_(handle_); }

std::vector<OwnedTensor> Container::run(std::vector<OwnedTensor> inputs) const {
  std::vector<AtenTensorHandle> given;
  given.reserve(inputs.size());
  for (auto& input : inputs) given.push_back(input.release());
  std::vector<AtenTensorHandle> answered(outputs_);
  const auto failed =
      run_(handle_, given.data(), given.size(), answered.data(), outputs_, nullptr, nullptr);
  // What it did not take is still ours.
  for (auto* const left : given) OwnedTensor(left).reset();
  auto outputs = owned(answered);
  if (failed == 0) return outputs;
  throw Error("the model raised: " + last_error(),
              "the inputs fit the signature, so the reason is in the model: try them in Python");
}

std::string Container::last_error() const {
  const char* text = "";
  last_error_(&text);
  return plain(text);
}

std::size_t Container::count(const Library& library, const char* function) const {
  std::size_t result = 0;
  library.function<CountOf>(function)(handle_, &result);
  return result;
}

}  // namespace TSGEN_ABI
}  // namespace tsgen
