# SPDX-License-Identifier: 0BSD
# In `out` a stub of LibTorch's libomp.dylib, as LibTorch itself loads it: what is linked with it takes OpenMP from there. Its own file names
# a place on the machine that built it (/opt/llvm-openmp), where a program that is linked with that would look for it. Named are the functions
# that a compiled model may call.
include_guard(GLOBAL)

function(tsgen_libomp_stub out)
  set(names
    __kmpc_barrier __kmpc_critical __kmpc_end_critical __kmpc_flush __kmpc_fork_call __kmpc_global_thread_num __kmpc_push_num_threads
    __kmpc_for_static_init_4 __kmpc_for_static_init_4u __kmpc_for_static_init_8 __kmpc_for_static_init_8u __kmpc_for_static_fini
    __kmpc_dispatch_init_4 __kmpc_dispatch_init_8 __kmpc_dispatch_next_4 __kmpc_dispatch_next_8 __kmpc_dispatch_fini_4 __kmpc_dispatch_fini_8
    __kmpc_reduce __kmpc_reduce_nowait __kmpc_end_reduce __kmpc_end_reduce_nowait
    __kmpc_serialized_parallel __kmpc_end_serialized_parallel __kmpc_single __kmpc_end_single
    omp_get_max_threads omp_get_num_threads omp_get_thread_num omp_in_parallel omp_set_num_threads)
  list(TRANSFORM names PREPEND "_")
  list(JOIN names ", " symbols)
  set(targets "[ arm64-macos, x86_64-macos ]")
  set(stub "${CMAKE_CURRENT_BINARY_DIR}/libomp.tbd")
  string(CONCAT text
    "--- !tapi-tbd\n"
    "tbd-version: 4\n"
    "targets: ${targets}\n"
    "install-name: '@rpath/libomp.dylib'\n"
    "current-version: 5\n"
    "compatibility-version: 5\n"
    "exports:\n"
    "  - targets: ${targets}\n"
    "    symbols: [ ${symbols} ]\n"
    "...\n")
  file(CONFIGURE OUTPUT "${stub}" CONTENT "${text}" @ONLY)
  set(${out} "${stub}" PARENT_SCOPE)
endfunction()
