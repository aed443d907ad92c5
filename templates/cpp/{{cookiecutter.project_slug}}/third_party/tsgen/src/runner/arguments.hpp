// SPDX-License-Identifier: 0BSD
#pragma once

#include <string>
#include <vector>

#include "tsgen/version.hpp"

namespace tsgen {
inline namespace TSGEN_ABI {

/// The command line without the program's name, in UTF-8.
std::vector<std::string> program_arguments(int argc, char** argv);

}  // namespace TSGEN_ABI
}  // namespace tsgen
