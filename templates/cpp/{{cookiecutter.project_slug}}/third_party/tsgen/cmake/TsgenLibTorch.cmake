# SPDX-License-Identifier: 0BSD
# tsgen::libtorch, what the library links, for all folders of a build: the targets that FindTorch.cmake makes (torch, c10) belong to the
# folder that asked for them, and under those names would stand in the way of a project that finds LibTorch by itself.
include_guard(GLOBAL)
set(TSGEN_CMAKE_DIR "${CMAKE_CURRENT_LIST_DIR}" CACHE INTERNAL "tsgen's CMake modules")

# Like find_package(Torch), in the caller's scope. Found by our module whatever packages are about.
macro(tsgen_find_torch)
  list(PREPEND CMAKE_MODULE_PATH "${TSGEN_CMAKE_DIR}")
  find_package(Torch MODULE REQUIRED)
  list(POP_FRONT CMAKE_MODULE_PATH)
endmacro()

macro(tsgen_find_libtorch)
  tsgen_find_torch()
  if(NOT TARGET tsgen::libtorch)
    torch_add_targets(tsgen::libtorch tsgen:: GLOBAL)
  endif()
endmacro()
