#pragma once

#include <string>

#include "program/bench.hpp"
#include "program/info.hpp"
#include "program/run.hpp"
#include "program/verify.hpp"

namespace {{ cookiecutter.__identifier }} {

// Each report in words, without the last line's end.
std::string to_text(const RunReport& report);
std::string to_text(const VerifyReport& report);
std::string to_text(const BenchReport& report);
std::string to_text(const InfoReport& report);

}  // namespace {{ cookiecutter.__identifier }}
