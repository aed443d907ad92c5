// SPDX-License-Identifier: 0BSD
#pragma once

#include <filesystem>
#include <istream>
#include <memory>
#include <string>

#include "tsgen/model.hpp"

namespace tsgen {
inline namespace TSGEN_ABI {

/// Where a model is read from: a file, or memory.
class Source {
 public:
  explicit Source(std::filesystem::path file) : file_(std::move(file)) {}
  explicit Source(ModelBytes bytes) : in_memory_(true), bytes_(bytes) {}

  /// "model model/model.pt" or "model in memory (45 bytes)", to begin a sentence with.
  std::string subject() const;
  /// Empty for memory.
  const std::filesystem::path& file() const noexcept { return file_; }
  /// From the beginning. The stream of a file that cannot be read is in a failed state.
  std::unique_ptr<std::istream> open() const;

  bool in_memory() const noexcept { return in_memory_; }

 private:
  bool in_memory_ = false;
  std::filesystem::path file_;
  ModelBytes bytes_;
};

/// Throws Error unless there is something to be read, with at least one byte.
void check_readable(const Source& source);

}  // namespace TSGEN_ABI
}  // namespace tsgen
