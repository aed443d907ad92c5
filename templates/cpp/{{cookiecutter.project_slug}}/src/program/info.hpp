#pragma once

#include <filesystem>
#include <string>

#include "{{ cookiecutter.project_slug }}/runtime.hpp"

namespace {{ cookiecutter.__identifier }} {

struct InfoReport {
  std::string model;
  Signature signature;
  std::string cpu_capability;
  CudaStatus cuda;
};

InfoReport info(const Runtime& runtime, const std::filesystem::path& model);

}  // namespace {{ cookiecutter.__identifier }}
