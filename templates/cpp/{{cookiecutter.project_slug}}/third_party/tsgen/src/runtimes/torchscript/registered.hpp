// SPDX-License-Identifier: 0BSD
#pragma once

// A part of libraries.cpp in a file of its own, with what it needs of LibTorch.
#include <torch/csrc/jit/runtime/operator.h>
#include <torch/custom_class_detail.h>

#include <string>

#include "tsgen/version.hpp"

namespace tsgen {
inline namespace TSGEN_ABI {

/// "torchvision::nms", or the name of a class that is written in the same way.
inline bool is_registered(const std::string& name) {
  if (!torch::jit::getAllOperatorsFor(c10::Symbol::fromQualString(name)).empty()) return true;
  const auto colons = name.find("::");
  const auto own = name.substr(0, colons) + "." + name.substr(colons + 2);
  return torch::getCustomClass("__torch__.torch.classes." + own) != nullptr;
}

}  // namespace TSGEN_ABI
}  // namespace tsgen
