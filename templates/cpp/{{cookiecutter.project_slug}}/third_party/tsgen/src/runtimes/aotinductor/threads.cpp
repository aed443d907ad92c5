// SPDX-License-Identifier: 0BSD
#include "runtimes/aotinductor/threads.hpp"

#include <string>

#include "tsgen/error.hpp"

#include "core/shared_library.hpp"

// The number of threads has no C function.
#if !defined(_WIN32)
namespace at {
void set_num_threads(int threads);
int get_num_threads();
}  // namespace at
#endif

namespace tsgen {
inline namespace TSGEN_ABI {

#if defined(_WIN32)

namespace {

/// By the name that Microsoft's compiler, which built LibTorch, gave it: another's names differ.
/// With an int or nothing in, and an int or nothing out, the call is the same for all of them.
template <typename Function>
Function* function_of_libtorch(const char* name) {
  void* const found = function_of("torch_cpu.dll", name);
  if (found == nullptr)
    throw Error(std::string("LibTorch's torch_cpu.dll has no function ") + name,
                "take the LibTorch with which the project was built");
  return reinterpret_cast<Function*>(found);
}

}  // namespace

int libtorch_threads() {
  static auto* const get = function_of_libtorch<int()>("?get_num_threads@at@@YAHXZ");
  return get();
}

void set_libtorch_threads(int threads) {
  static auto* const set = function_of_libtorch<void(int)>("?set_num_threads@at@@YAXH@Z");
  set(threads);
}

#else

int libtorch_threads() { return at::get_num_threads(); }
void set_libtorch_threads(int threads) { at::set_num_threads(threads); }

#endif

}  // namespace TSGEN_ABI
}  // namespace tsgen
