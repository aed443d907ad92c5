# SPDX-License-Identifier: 0BSD
# find_package(Torch [version] [EXACT] [REQUIRED]) without LibTorch's own TorchConfig.cmake: that one refuses a CUDA distribution on
# a machine without the CUDA toolkit, and passes no C++ standard on.
#
# Where it looks, in this order:
#   Torch_ROOT          CMake or environment variable: an unpacked LibTorch, or the `torch` folder of a Python environment
#   CMAKE_PREFIX_PATH   the same folders, or their share/cmake
#   Python3_EXECUTABLE  the torch that this interpreter would import
#   the last configure  of the same build tree
#   tsgen.lock          the official zip that it pins, fetched and checked (not with -DTorch_FETCH=OFF): TorchFetch.cmake
#   python3             environment variable PYTHON, the active environment, python3 on the PATH: likewise
#
# What it gives, like TorchConfig.cmake:
#   Torch_FOUND, Torch_VERSION (2.14.1), TORCH_LIBRARIES, TORCH_INCLUDE_DIRS, TORCH_CXX_FLAGS, TORCH_INSTALL_PREFIX, target torch
# and besides:
#   Torch_VERSION_FULL (2.14.1+cu130), Torch_CXX_STANDARD (20), target Torch::Torch (= torch), torch_copy_dlls(<target>),
#   torch_install_dlls(<folder>), torch_use_dlls(<test>...)
#
# With MSVC, Torch_ROOT_DEBUG may name a Debug distribution for the Debug configuration, beside the Release one.

include("${CMAKE_CURRENT_LIST_DIR}/TorchLocate.cmake")
include("${CMAKE_CURRENT_LIST_DIR}/TorchLock.cmake")
include("${CMAKE_CURRENT_LIST_DIR}/TorchFetch.cmake")
include("${CMAKE_CURRENT_LIST_DIR}/TorchInspect.cmake")
include("${CMAKE_CURRENT_LIST_DIR}/TorchMsvc.cmake")
include("${CMAKE_CURRENT_LIST_DIR}/TorchTargets.cmake")
include("${CMAKE_CURRENT_LIST_DIR}/TorchDlls.cmake")
include(FindPackageHandleStandardArgs)

foreach(folder Torch_ROOT Torch_ROOT_DEBUG)
  # Gives -D its type, so that ~ and relative folders work. A list of folders it is not; torch_check says so.
  if(DEFINED CACHE{${folder}} AND NOT ${folder} MATCHES ";")
    set(${folder} "" CACHE PATH "An unpacked LibTorch")
  endif()
endforeach()
torch_locate(TORCH_INSTALL_PREFIX Torch_ORIGIN Torch_PROBLEM)
if(TORCH_INSTALL_PREFIX)
  torch_read_version("${TORCH_INSTALL_PREFIX}" Torch_VERSION_FULL)
  torch_check("${TORCH_INSTALL_PREFIX}" "${Torch_VERSION_FULL}" Torch_PROBLEM)
endif()
if(Torch_PROBLEM)
  # find_package_handle_standard_args would only name variables; this is a reason in full sentences.
  set(Torch_FOUND FALSE)
  if(Torch_FIND_REQUIRED)
    message(FATAL_ERROR "${Torch_PROBLEM}")
  elseif(NOT Torch_FIND_QUIETLY)
    message(STATUS "${Torch_PROBLEM}")
  endif()
  return()
endif()

string(REGEX MATCH "^[0-9]+(\\.[0-9]+)*" Torch_VERSION "${Torch_VERSION_FULL}")
torch_cxx_standard("${Torch_VERSION}" Torch_CXX_STANDARD)
torch_read_cxx_flags("${TORCH_INSTALL_PREFIX}" "${Torch_VERSION}" TORCH_CXX_FLAGS)
set(TORCH_LIBRARIES torch)
set(TORCH_INCLUDE_DIRS "${TORCH_INSTALL_PREFIX}/include" "${TORCH_INSTALL_PREFIX}/include/torch/csrc/api/include")

set(FPHSA_NAME_MISMATCHED TRUE) # the names TORCH_... are what every user of Torch knows
find_package_handle_standard_args(Torch REQUIRED_VARS TORCH_INSTALL_PREFIX VERSION_VAR Torch_VERSION)
unset(FPHSA_NAME_MISMATCHED)
if(Torch_FOUND)
  set(Torch_LAST_ROOT "${TORCH_INSTALL_PREFIX}" CACHE INTERNAL "what torch_locate_last gives")
endif()
if(Torch_FOUND AND NOT TARGET torch)
  torch_add_targets(torch "")
  add_library(Torch::Torch ALIAS torch)
  torch_compare_with_lock("${Torch_VERSION}")
  message(STATUS "LibTorch ${Torch_VERSION_FULL} needs C++${Torch_CXX_STANDARD}, found by ${Torch_ORIGIN}")
endif()
