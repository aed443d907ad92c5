#pragma once

#include <string>

#include "bench.hpp"
#include "info.hpp"
#include "run.hpp"
#include "verify.hpp"

namespace {{ cookiecutter.__identifier }} {

// Each report in words, without the last line's end.
std::string to_text(const RunReport& report);
std::string to_text(const VerifyReport& report);
std::string to_text(const BenchReport& report);
std::string to_text(const InfoReport& report);

}  // namespace {{ cookiecutter.__identifier }}
