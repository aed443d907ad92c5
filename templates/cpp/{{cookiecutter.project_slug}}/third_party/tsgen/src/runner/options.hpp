// SPDX-License-Identifier: 0BSD
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tsgen/model.hpp"

namespace tsgen {
inline namespace TSGEN_ABI {

enum class Command { run, verify, stress, bench, info, help, version };

/// The command line, parsed. Text is UTF-8.
struct Options {
  Command command = Command::run;
  std::optional<std::filesystem::path> model;
  std::vector<std::pair<std::string, std::filesystem::path>> inputs;
  std::optional<std::filesystem::path> output;
  std::optional<std::filesystem::path> cases;
  Device device;
  std::optional<int> threads;
  bool sweep = false;  ///< --threads auto: time every number of threads.
  int calls = 0;
  int callers = 0;  ///< Threads that call the model at the same time.
  bool json = false;
};

/// What --help says after "usage: " and the program's name.
extern const std::string_view usage;

/// Throws Error with the one thing that is wrong.
Options parse_options(const std::vector<std::string>& arguments);

}  // namespace TSGEN_ABI
}  // namespace tsgen
