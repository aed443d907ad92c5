// SPDX-License-Identifier: 0BSD
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "tsgen/model.hpp"

#include "runner/options.hpp"

namespace tsgen {
inline namespace TSGEN_ABI {

/// How many numbers of an output a report shows.
inline constexpr std::size_t shown_values = 5;

struct RunReport {
  std::string model;
  Device device;
  int threads = 1;
  std::vector<NamedTensor> outputs;
  Node output;  ///< What the outputs are, in the signature.
};

/// One call on ones or on --input; writes the outputs where --output says.
RunReport run(const Model& model, const std::filesystem::path& file, const Options& options);

/// Whether an output of this name is the UTF-8 bytes of a str.
bool is_text(const Node& output, const std::string& name);

}  // namespace TSGEN_ABI
}  // namespace tsgen
