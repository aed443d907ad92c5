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

struct NamedOutput {
  std::string name;
  Tensor tensor;
};

struct RunReport {
  std::string model;
  Device device;
  int threads = 1;
  std::vector<NamedOutput> outputs;
};

/// One call on ones or on --input; writes the outputs where --output says.
RunReport run(const Runtime& runtime, const std::filesystem::path& model, const Options& options);

}  // namespace {{ cookiecutter.__identifier }}
