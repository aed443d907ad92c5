// SPDX-License-Identifier: 0BSD
#pragma once

// No header of the standard library: this one is all that a project's own main.cpp compiles.
#include "tsgen/version.hpp"

namespace tsgen {
inline namespace TSGEN_ABI {

/// Which project a runner belongs to, and where it is looked for.
struct Program {
  const char* name;     ///< Its own, for messages: "myapp-runner".
  const char* project;  ///< Whose model it runs when none is given: "myapp".
};

/// The whole program. Returns its exit status: 0 ok, 1 answers differ, 2 bad usage, input, model or
/// device. Throws nothing.
int run_program(const Program& program, int argc, char** argv);

}  // namespace TSGEN_ABI
}  // namespace tsgen
