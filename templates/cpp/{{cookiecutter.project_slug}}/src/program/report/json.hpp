#pragma once

#include <string>

#include "{{ cookiecutter.project_slug }}/error.hpp"

#include "program/bench.hpp"
#include "program/info.hpp"
#include "program/run.hpp"
#include "program/verify.hpp"

namespace {{ cookiecutter.__identifier }} {

// Each report as one JSON document.
std::string to_json(const RunReport& report);
std::string to_json(const VerifyReport& report);
std::string to_json(const BenchReport& report);
std::string to_json(const InfoReport& report);
std::string to_json(const Error& error);

}  // namespace {{ cookiecutter.__identifier }}
