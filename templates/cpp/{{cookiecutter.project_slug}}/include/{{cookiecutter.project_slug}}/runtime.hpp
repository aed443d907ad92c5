#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "{{ cookiecutter.project_slug }}/error.hpp"
#include "{{ cookiecutter.project_slug }}/signature.hpp"
#include "{{ cookiecutter.project_slug }}/tensor.hpp"

namespace {{ cookiecutter.__identifier }} {

struct Device {
  enum class Kind { cpu, cuda };
  Kind kind = Kind::cpu;
  int index = 0;

  /// "cpu", "cuda", "cuda:1"; throws Error for anything else.
  static Device parse(std::string_view text);
};
std::string to_string(Device device);

/// Any exported model. Copies share the loaded model.
class Runtime {
 public:
  /// The weights move to `device` here, each call's inputs in run().
  /// Throws Error when the file cannot be loaded or the device is not there.
  explicit Runtime(const std::filesystem::path& model, Device device = {});

  const Signature& signature() const noexcept;

  /// Calls forward. Inputs are checked against the signature before the model sees them, and may be
  /// in any order; an optional value is left out, and a list is as long as its elements are many:
  /// "images.0", "images.1". A model that works in place changes the memory that they view.
  /// Outputs are in the signature's order, in CPU memory, and stay valid after the Runtime is gone.
  /// Safe to call from several threads, as far as the model itself keeps no state.
  std::vector<NamedTensor> run(const std::vector<NamedTensor>& inputs) const;

  /// Calls another method that the signature has.
  std::vector<NamedTensor> run(std::string_view method,
                               const std::vector<NamedTensor>& inputs) const;

  /// Throws Error unless these are the signature's `lines`: a typed API is made for one signature.
  void require(std::string_view expected) const;

 private:
  struct Implementation;
  std::shared_ptr<const Implementation> implementation_;
};

/// "2.14.1"
std::string libtorch_version();

/// The instruction set that LibTorch's kernels use here: "AVX512".
std::string cpu_capability();

/// Threads inside one operator, for the whole process.
int thread_count();
void set_thread_count(int threads);

struct CudaStatus {
  enum class State {
    ready,     ///< There is a GPU, and LibTorch can use it.
    absent,    ///< This machine has no driver or no GPU; nothing else is wrong.
    unusable,  ///< LibTorch has no CUDA, cannot load it, or cannot use the GPU that is there.
  };
  State state = State::ready;
  int devices = 0;
  std::string problem;  ///< Why there are none; empty when there are some.
  std::string hint;
};

/// Loads LibTorch's CUDA library and asks it; a Runtime on a CUDA device does the same. LibTorch
/// looks for that library only once: whoever wants CUDA later must ask before the first model runs.
const CudaStatus& cuda_status();

/// For a comparison with a CPU: PyTorch lets convolutions on CUDA round float32 to 10 bits (TF32).
void forbid_tf32();

}  // namespace {{ cookiecutter.__identifier }}
