// SPDX-License-Identifier: 0BSD
// A compiled model's loops on the OpenMP that LibTorch for Windows brings, libiomp5md.dll, where g++ (mingw) compiles
// them: its code calls GNU's runtime, and with both in a process there would be two teams of threads and two numbers of
// them. These are the calls of GNU's that C++ of Inductor's comes to; a further one does not link. LLVM's runtime has
// the same itself, in kmp_gsupport.cpp, on the systems that have ELF.
#include <cstdint>

extern "C" {

// Of kmp.h: `ident_t`, and what the compiler's code calls.
struct KmpPlace {
  std::int32_t reserved_1;
  std::int32_t flags;
  std::int32_t reserved_2;
  std::int32_t reserved_3;
  const char* source;
};
using KmpTask = void (*)(std::int32_t* thread, std::int32_t* in_team, ...);

std::int32_t __kmpc_global_thread_num(KmpPlace* place);
void __kmpc_push_num_threads(KmpPlace* place, std::int32_t thread, std::int32_t number);
void __kmpc_fork_call(KmpPlace* place, std::int32_t arguments, KmpTask task, ...);
void __kmpc_serialized_parallel(KmpPlace* place, std::int32_t thread);
void __kmpc_end_serialized_parallel(KmpPlace* place, std::int32_t thread);
void __kmpc_barrier(KmpPlace* place, std::int32_t thread);
std::int32_t __kmpc_single(KmpPlace* place, std::int32_t thread);

// Of libgomp.
using GompBody = void (*)(void* data);
void GOMP_parallel(GompBody body, void* data, unsigned threads, unsigned flags);
void GOMP_barrier();
bool GOMP_single_start();
}

namespace {

constexpr std::int32_t made_by_a_compiler = 2;  // KMP_IDENT_KMPC
KmpPlace place = {0, made_by_a_compiler, 0, 0, ";model.cpp;model;0;0;;"};

void run(std::int32_t*, std::int32_t*, GompBody body, void* data) { body(data); }

}  // namespace

// `threads` is 0 where the code names no number.
void GOMP_parallel(GompBody body, void* data, unsigned threads, unsigned) {
  const auto thread = __kmpc_global_thread_num(&place);
  if (threads == 1) {
    __kmpc_serialized_parallel(&place, thread);
    body(data);
    __kmpc_end_serialized_parallel(&place, thread);
    return;
  }
  if (threads > 1) __kmpc_push_num_threads(&place, thread, static_cast<std::int32_t>(threads));
  __kmpc_fork_call(&place, 2, reinterpret_cast<KmpTask>(run), body, data);
}

void GOMP_barrier() { __kmpc_barrier(&place, __kmpc_global_thread_num(&place)); }

bool GOMP_single_start() { return __kmpc_single(&place, __kmpc_global_thread_num(&place)) != 0; }
