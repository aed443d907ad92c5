// SPDX-License-Identifier: 0BSD
#include "runner/info.hpp"

#include "core/utf8.hpp"

namespace tsgen {
inline namespace TSGEN_ABI {

InfoReport info(const Model& model, const std::filesystem::path& file) {
  const auto& cuda =
      cuda_status();  // first: the question about the CPU makes LibTorch look for CUDA
  return {to_utf8(file), model.signature(), cpu_capability(), cuda};
}

}  // namespace TSGEN_ABI
}  // namespace tsgen
