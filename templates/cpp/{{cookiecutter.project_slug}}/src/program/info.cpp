#include "program/info.hpp"

#include "runtime/utf8.hpp"

namespace {{ cookiecutter.__identifier }} {

InfoReport info(const Runtime& runtime, const std::filesystem::path& model) {
  const auto& cuda =
      cuda_status();  // first: the question about the CPU makes LibTorch look for CUDA
  return {to_utf8(model), runtime.signature(), cpu_capability(), cuda};
}

}  // namespace {{ cookiecutter.__identifier }}
