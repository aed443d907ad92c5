#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "{{ cookiecutter.project_slug }}/runtime.hpp"

namespace {{ cookiecutter.__identifier }} {

enum class Command { run, verify, bench, info, help, version };

/// The command line, parsed. Text is UTF-8.
struct Options {
  Command command = Command::run;
  std::optional<std::filesystem::path> model;
  std::vector<std::pair<std::string, std::filesystem::path>> inputs;
  std::optional<std::filesystem::path> output;
  std::optional<std::filesystem::path> cases;
  Device device;
  std::optional<int> threads;
  int calls = 0;
  bool json = false;
};

extern const std::string_view program_name;

/// What --help says after "usage: " and the program's name.
extern const std::string_view usage;

/// Throws Error with the one thing that is wrong.
Options parse_options(const std::vector<std::string>& arguments);

}  // namespace {{ cookiecutter.__identifier }}
