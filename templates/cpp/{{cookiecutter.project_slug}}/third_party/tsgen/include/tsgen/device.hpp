// SPDX-License-Identifier: 0BSD
#pragma once

#include <string>
#include <string_view>

#include "tsgen/version.hpp"

namespace tsgen {
inline namespace TSGEN_ABI {

/// Where a model runs.
struct Device {
  enum class Kind { cpu, cuda };
  Kind kind = Kind::cpu;
  int index = 0;

  /// "cpu", "cuda", "cuda:1"; throws Error for anything else.
  static Device parse(std::string_view text);
};
std::string to_string(Device device);

/// "2.14.1"
std::string libtorch_version();

/// The instruction set that LibTorch's kernels use here: "AVX512".
std::string cpu_capability();

/// Threads inside one operator, for the whole process: a thread of the caller's own takes the number
/// over when it next calls a model.
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

/// Loads LibTorch's CUDA library and asks it; a Model on a CUDA device does the same. LibTorch
/// looks for that library only once: whoever wants CUDA later must ask before the first model runs.
const CudaStatus& cuda_status();

/// For a comparison with a CPU: PyTorch lets convolutions on CUDA round float32 to 10 bits (TF32).
void forbid_tf32();

}  // namespace TSGEN_ABI
}  // namespace tsgen
