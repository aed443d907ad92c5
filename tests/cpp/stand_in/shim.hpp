#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

// LibTorch's tensors behind its C interface, as far as the AOTInductor runtime uses them.
struct AtenTensorOpaque {
  void* data = nullptr;
  std::vector<std::int64_t> sizes;
  std::vector<std::int64_t> strides;
  std::int32_t dtype = 0;
  std::vector<float> owned;  ///< What `data` points to, unless it views another's memory.
};

extern "C" {
/// What the compiled stand-in does with its input x, float32[n,2]:
///   'd'  answers 2x, in memory of its own
///   't'  answers 2x, stored column by column
///   'v'  answers x itself: a view of the caller's memory
///   's'  answers x itself, twice, by one handle
///   'r'  refuses, and leaves the input with the caller
///   'f'  fails in an operator, having taken the input
extern char tsgen_stand_in_behaviour;
/// The tensors that nobody has deleted.
extern int tsgen_stand_in_tensors;
/// What the model was last told to take.
extern int tsgen_stand_in_threads;
}
