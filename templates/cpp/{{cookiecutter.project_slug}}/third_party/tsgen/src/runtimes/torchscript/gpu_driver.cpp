// SPDX-License-Identifier: 0BSD
#include "runtimes/torchscript/gpu_driver.hpp"

#include <filesystem>

#include "core/shared_library.hpp"

namespace tsgen {
inline namespace TSGEN_ABI {
namespace {

#if defined(_WIN32)
constexpr auto nvidia_driver = "nvcuda.dll";
#else
constexpr auto nvidia_driver = "libcuda.so.1";
#endif

// CUresult, as cuda.h has them.
constexpr int success = 0;
constexpr int stub_library = 34;  // the toolkit's file to link with, which is no driver
constexpr int no_device = 100;

}  // namespace

std::string no_nvidia_gpu() {
  using Init = int (*)(unsigned int);
  using Count = int (*)(int*);
  const auto init = reinterpret_cast<Init>(function_of(nvidia_driver, "cuInit"));
  const auto count = reinterpret_cast<Count>(function_of(nvidia_driver, "cuDeviceGetCount"));
  const int started = init == nullptr || count == nullptr ? stub_library : init(0);
  if (started == stub_library) return "no NVIDIA driver on this machine";
  int gpus = 0;
  if (started == no_device || (started == success && count(&gpus) == success && gpus == 0))
    return "the NVIDIA driver finds no GPU on this machine";
  return "";
}

std::string no_amd_gpu() {
  return std::filesystem::exists("/dev/kfd") ? "" : "no AMD GPU driver on this machine";
}

}  // namespace TSGEN_ABI
}  // namespace tsgen
