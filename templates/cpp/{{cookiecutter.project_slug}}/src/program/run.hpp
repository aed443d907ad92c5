#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "{{ cookiecutter.project_slug }}/runtime.hpp"

#include "program/options.hpp"

namespace {{ cookiecutter.__identifier }} {

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
RunReport run(const Runtime& runtime, const std::filesystem::path& model, const Options& options);

/// Whether an output of this name is the UTF-8 bytes of a str.
bool is_text(const Node& output, const std::string& name);

}  // namespace {{ cookiecutter.__identifier }}
