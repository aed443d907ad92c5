#include "runtime/device.hpp"

#include <filesystem>

#include "{{ cookiecutter.project_slug }}/runtime.hpp"

#include "runtime/shared_library.hpp"
#include "runtime/text.hpp"

namespace {{ cookiecutter.__identifier }} {
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

Device Device::parse(std::string_view text) {
  if (text == "cpu") return {};
  if (text == "cuda") return {Kind::cuda, 0};
  const auto index = text.substr(0, 5) == "cuda:" ? parse_integer(text.substr(5)) : std::nullopt;
  if (index && *index >= 0 && *index < 128) return {Kind::cuda, static_cast<int>(*index)};
  throw Error("there is no device \"" + std::string(text) + "\"",
              "the devices are cpu, cuda and cuda:N");
}

std::string to_string(Device device) {
  return device.kind == Device::Kind::cpu ? "cpu" : "cuda:" + std::to_string(device.index);
}

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

}  // namespace {{ cookiecutter.__identifier }}
