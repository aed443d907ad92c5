// SPDX-License-Identifier: 0BSD
#pragma once

#include <filesystem>
#include <string>

#include "tsgen/model.hpp"

namespace tsgen {
inline namespace TSGEN_ABI {

struct InfoReport {
  std::string model;
  Signature signature;
  std::string cpu_capability;
  CudaStatus cuda;
};

InfoReport info(const Model& model, const std::filesystem::path& file);

}  // namespace TSGEN_ABI
}  // namespace tsgen
