// SPDX-License-Identifier: 0BSD
// All that a project's runner has of its own: two names, which CMake defines.
#include "runner/runner.hpp"

int main(int argc, char** argv) {
  return tsgen::run_program({TSGEN_PROGRAM, TSGEN_PROJECT}, argc, argv);
}
