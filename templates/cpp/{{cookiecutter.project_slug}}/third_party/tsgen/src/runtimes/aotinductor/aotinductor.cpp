// SPDX-License-Identifier: 0BSD
// A model that AOTInductor compiled to a library. It checks nothing that it is given: a wrong size
// or stride is answered with wrong numbers, or worse. core/bind.cpp has checked it all before.
#include <atomic>
#include <memory>
#include <string>
#include <utility>

#include "tsgen/device.hpp"
#include "tsgen/error.hpp"

#include "core/runtime.hpp"
#include "runtimes/aotinductor/container.hpp"
#include "runtimes/aotinductor/held.hpp"
#include "runtimes/aotinductor/library.hpp"
#include "runtimes/aotinductor/threads.hpp"
#include "runtimes/aotinductor/values.hpp"

namespace tsgen {
inline namespace TSGEN_ABI {
namespace {

constexpr auto cpu_only_hint = "use --device cpu, or export the model with --runtime torchscript";

// ---- Threads ----

std::atomic<int>& chosen_threads() {
  static std::atomic<int> number = 0;
  return number;
}

/// OpenMP keeps the number by thread: each caller takes over the one that was chosen.
void follow_threads() {
  thread_local int followed = 0;
  const int wanted = chosen_threads();
  if (followed == wanted) return;
  set_libtorch_threads(wanted);
  followed = wanted;
}

// ---- The model ----

class CompiledModel : public LoadedModel {
 public:
  CompiledModel(Signature signature, std::vector<NamedTensor> held,
                std::shared_ptr<const Container> container)
      : signature_(std::move(signature)),
        held_(std::move(held)),
        container_(std::move(container)) {}

  const Signature& signature() const noexcept override { return signature_; }

  std::vector<NamedTensor> call(std::size_t index, const std::vector<Slot>& slots) const override {
    auto [answer, kept] = run(index, slots);
    held_ = std::move(kept);
    return std::move(answer);
  }

  void warm_up(std::size_t index, const std::vector<Slot>& slots) const override {
    run(index, slots);  // folds what depends on weights alone, and starts the threads
  }

 private:
  /// The answer, and what the model keeps if the call is to count.
  std::pair<std::vector<NamedTensor>, std::vector<NamedTensor>> run(
      std::size_t index, const std::vector<Slot>& slots) const {
    follow_threads();
    if (const int threads = chosen_threads(); threads > 0) container_->use_threads(threads);
    auto given = arguments_of(held_, slots);
    auto answered = container_->run(std::move(given.tensors));
    auto kept = taken(held_, answered);
    return {answers(signature_.entries[index], std::move(answered), given.memory, container_),
            std::move(kept)};
  }

  Signature signature_;
  // Of this one model: the library, which others may have loaded too, keeps nothing. Calls of a
  // model that has some come one after another (LoadedModel).
  mutable std::vector<NamedTensor> held_;
  std::shared_ptr<const Container> container_;
};

template <typename Parse>
auto read_signature(const Source& source, const Library& library, const Parse& parse) {
  try {
    return parse(library.signature());
  } catch (const Error& error) {
    throw Error(source.subject() + ": " + error.what(), error.hint());
  }
}

}  // namespace

std::unique_ptr<const LoadedModel> load_model(const Source& source, const LoadOptions& options) {
  const Library library(source);
  if (options.device.kind != Device::Kind::cpu)
    throw Error(source.subject() + " was compiled for the CPU", cpu_only_hint);
  auto signature = read_signature(source, library, parse_signature);
  auto held = read_signature(source, library, held_of);
  const auto& forward = signature.forward();
  auto container = std::make_shared<const Container>(
      source, library, held.size() + leaves_of(forward.inputs).size(),
      leaves_of(forward.output).size() + held.size());
  return std::make_unique<const CompiledModel>(std::move(signature), std::move(held),
                                               std::move(container));
}

const RuntimeFacts& runtime_facts() noexcept {
#if defined(_WIN32)
  static const RuntimeFacts facts{"aotinductor", "model.dll",
                                  "AOTInductor computes in another order"};
#else
  static const RuntimeFacts facts{"aotinductor", "model.so",
                                  "AOTInductor computes in another order"};
#endif
  return facts;
}

// ---- LibTorch itself ----

std::string libtorch_version() { return TSGEN_LIBTORCH_VERSION; }

// The model's own loops are for no instruction set, and LibTorch says its kernels' to C++ alone.
std::string cpu_capability() { return ""; }

const CudaStatus& cuda_status() {
  static const CudaStatus status{CudaStatus::State::unusable, 0,
                                 "the model was compiled for the CPU, by AOTInductor",
                                 cpu_only_hint};
  return status;
}

int thread_count() { return libtorch_threads(); }

void set_thread_count(int threads) {
  chosen_threads() = threads;
  follow_threads();
}

void forbid_tf32() {}  // nothing runs on CUDA

}  // namespace TSGEN_ABI
}  // namespace tsgen
