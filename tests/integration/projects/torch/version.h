#pragma once

#define STAND_IN_VERSION "stand-in"

extern "C" int torch_answer();

// Would be an error under -Wconversion -Werror if this were not a system header.
inline char narrowed(int value) { return value; }
