// SPDX-License-Identifier: 0BSD
#pragma once

#include <stdexcept>
#include <string>
#include <utility>

#include "tsgen/version.hpp"

namespace tsgen {
inline namespace TSGEN_ABI {

/// What went wrong in one sentence (what()), and what to change (hint()).
class Error : public std::runtime_error {
 public:
  Error(const std::string& message, std::string hint)
      : std::runtime_error(message), hint_(std::move(hint)) {}

  const std::string& hint() const noexcept { return hint_; }

 private:
  std::string hint_;
};

}  // namespace TSGEN_ABI
}  // namespace tsgen
