// A library that says that it is for another machine, and ends the process that opens it.
#include <cstdlib>

__asm__(
    ".section .tsgen,\"\",@progbits\n"
    ".ascii \"tsgen-signature\\t2\\nneeds\\tvax\\tVAX\\t\\n\"\n"
    ".text\n");

namespace {
__attribute__((constructor)) void opened() { std::abort(); }
}  // namespace
