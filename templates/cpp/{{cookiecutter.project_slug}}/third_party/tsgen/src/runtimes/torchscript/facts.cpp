// SPDX-License-Identifier: 0BSD
#include "core/runtime.hpp"

namespace tsgen {
inline namespace TSGEN_ABI {

const RuntimeFacts& runtime_facts() noexcept {
  static const RuntimeFacts facts{"torchscript", "model.pt", ""};
  return facts;
}

}  // namespace TSGEN_ABI
}  // namespace tsgen
