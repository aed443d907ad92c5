// SPDX-License-Identifier: 0BSD
#pragma once

// A part of torchscript.cpp in a file of its own, like pack.hpp.
#include <ATen/Parallel.h>

#include <atomic>

namespace tsgen {
inline namespace TSGEN_ABI {
namespace threads {

// OpenMP keeps this number by thread, and LibTorch tells a new thread of it only at its first own
// loop: a convolution before that would take every core.
inline std::atomic<int>& chosen() {
  static std::atomic<int> number = 0;
  return number;
}

/// Gives the calling thread the number that was chosen, if one was.
inline void follow() {
  thread_local int followed = 0;
  const int wanted = chosen();
  if (followed == wanted) return;
  at::set_num_threads(wanted);
  followed = wanted;
}

}  // namespace threads
}  // namespace TSGEN_ABI
}  // namespace tsgen
