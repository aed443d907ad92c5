# SPDX-License-Identifier: 0BSD
# CUDA sources of one's own, beside a LibTorch for CUDA. To be included where targets are made: it turns the language CUDA on.
include_guard()
# Needs nvcc, of the major version that LibTorch was built with. A project without .cu files needs no CUDA toolkit and not this file.
#
#   torch_add_cuda_sources(<target> <file.cu>...)   for an INTERFACE library: into whatever is linked with it
#   torch_use_cuda(<target>)                        for a shared library that has .cu files among its sources

# Nothing newer than the oldest GPU that every nvcc up to 13 compiles for, so that it starts on all of them: newer ones translate
# it when it is first used. Name yours to avoid that: -DCMAKE_CUDA_ARCHITECTURES=90, or native.
if(NOT CMAKE_CUDA_ARCHITECTURES AND NOT DEFINED ENV{CUDAARCHS})
  set(CMAKE_CUDA_ARCHITECTURES 75)
endif()

if(NOT EXISTS "${TORCH_INSTALL_PREFIX}/lib/${CMAKE_SHARED_LIBRARY_PREFIX}torch_cuda${CMAKE_SHARED_LIBRARY_SUFFIX}")
  message(FATAL_ERROR "This project has CUDA sources, but the LibTorch in \"${TORCH_INSTALL_PREFIX}\" (${Torch_VERSION_FULL}) is not built for CUDA. "
                      "Take one that is (`tsgen build --cuda`, or Torch_ROOT), or remove src/cuda/ and ops/*.cu.")
endif()
include(CheckLanguage)
check_language(CUDA)
if(NOT CMAKE_CUDA_COMPILER)
  message(FATAL_ERROR "This project has CUDA sources, but there is no CUDA compiler that works. Put nvcc on the PATH, or name it "
                      "(-DCMAKE_CUDA_COMPILER=<file> or the environment variable CUDACXX), or remove src/cuda/ and ops/*.cu.")
endif()
enable_language(CUDA)

# CMake 3.25.1 does not know that nvcc has had C++20 since 12.0; later ones do.
if(CMAKE_CUDA_COMPILER_ID STREQUAL "NVIDIA" AND NOT CMAKE_CUDA20_STANDARD_COMPILE_OPTION
   AND CMAKE_CUDA_COMPILER_VERSION VERSION_GREATER_EQUAL 12.0)
  set(CMAKE_CUDA20_STANDARD_COMPILE_OPTION "-std=c++20")
  set(CMAKE_CUDA20_EXTENSION_COMPILE_OPTION "-std=c++20")
endif()

# For the programs too that are made after this: LibTorch's own libcudart is linked by name, not CMake's choice besides it.
set(CMAKE_CUDA_RUNTIME_LIBRARY None)

# The objects go into each program that is linked with the target, not into a static library: there the linker would leave out one
# that nothing calls by name, and with it the operators that it registers.
function(torch_add_cuda_sources target)
  set(objects ${target}-cuda)
  add_library(${objects} OBJECT ${ARGN})
  torch_compile_cuda(${objects})
  target_include_directories(${objects} PRIVATE "$<TARGET_PROPERTY:${target},INTERFACE_INCLUDE_DIRECTORIES>")
  target_link_libraries(${objects} PRIVATE Torch::Torch)
  # Not installed with the target: objects of this build are none of an installation's.
  target_sources(${target} INTERFACE "$<BUILD_INTERFACE:$<TARGET_OBJECTS:${objects}>>")
  torch_cuda_libraries(libraries)
  target_link_libraries(${target} INTERFACE "$<BUILD_INTERFACE:${libraries}>")
endfunction()

function(torch_use_cuda target)
  torch_compile_cuda(${target})
  torch_cuda_libraries(libraries)
  target_link_libraries(${target} PRIVATE ${libraries})
endfunction()

function(torch_compile_cuda target)
  torch_check_nvcc()
  torch_cuda_include_dirs(folders)
  target_include_directories(${target} SYSTEM PRIVATE ${folders})
  target_compile_options(${target} PRIVATE "$<$<COMPILE_LANGUAGE:CUDA>:--expt-relaxed-constexpr;--expt-extended-lambda>")
  set_target_properties(${target} PROPERTIES CUDA_STANDARD ${Torch_CXX_STANDARD} CUDA_STANDARD_REQUIRED ON)
endfunction()

# Targets for all folders of the build: what is linked with them may be in another one.
function(torch_cuda_libraries out)
  torch_cuda_runtime(runtime)
  foreach(name c10_cuda torch_cuda)
    if(NOT TARGET Torch::${name})
      torch_add_library(${name} Torch::${name} GLOBAL)
    endif()
  endforeach()
  set(${out} Torch::torch_cuda Torch::c10_cuda "${runtime}" PARENT_SCOPE)
endfunction()

# LibTorch says which CUDA it is for in its version, 2.14.1+cu130, or in version.py.
function(torch_check_nvcc)
  set(wanted "")
  if(EXISTS "${TORCH_INSTALL_PREFIX}/version.py")
    file(STRINGS "${TORCH_INSTALL_PREFIX}/version.py" line REGEX "^cuda.*= *'[0-9]+")
    string(REGEX MATCH "'[0-9]+" wanted "${line}")
    string(REPLACE "'" "" wanted "${wanted}")
  elseif(Torch_VERSION_FULL MATCHES "[+]cu([0-9]+)[0-9]$")
    set(wanted "${CMAKE_MATCH_1}")
  endif()
  string(REGEX MATCH "^[0-9]+" came "${CMAKE_CUDA_COMPILER_VERSION}")
  if(wanted AND NOT wanted EQUAL came)
    message(FATAL_ERROR "LibTorch ${Torch_VERSION_FULL} is built with CUDA ${wanted}, but ${CMAKE_CUDA_COMPILER} is of CUDA "
                        "${CMAKE_CUDA_COMPILER_VERSION}, and their libraries cannot be mixed. Take an nvcc of CUDA ${wanted}.")
  endif()
  if(Torch_CXX_STANDARD EQUAL 20 AND CMAKE_CUDA_COMPILER_VERSION VERSION_LESS 12.0)
    message(FATAL_ERROR "LibTorch ${Torch_VERSION} needs C++20, which nvcc has since 12.0; ${CMAKE_CUDA_COMPILER} is ${CMAKE_CUDA_COMPILER_VERSION}.")
  endif()
endfunction()

# ATen's CUDA headers include those of cuBLAS, cuSPARSE and so on. A toolkit may lack them; the wheels beside torch have them.
function(torch_cuda_include_dirs out)
  get_filename_component(beside "${TORCH_INSTALL_PREFIX}" DIRECTORY)
  file(GLOB folders "${beside}/nvidia/cu[0-9]*/include" "${beside}/nvidia/*/include")
  list(REMOVE_DUPLICATES folders)
  set(${out} "${folders}" PARENT_SCOPE)
endfunction()

# The one that LibTorch itself uses, which has a version in its name there; else the toolkit's.
function(torch_cuda_runtime out)
  get_filename_component(beside "${TORCH_INSTALL_PREFIX}" DIRECTORY)
  file(GLOB runtimes "${beside}/nvidia/cu[0-9]*/lib/libcudart.so.*" "${beside}/nvidia/cuda_runtime/lib/libcudart.so.*"
       "${TORCH_INSTALL_PREFIX}/lib/libcudart*.so*")
  if(NOT runtimes)
    find_library(Torch_CUDART cudart HINTS ${CMAKE_CUDA_IMPLICIT_LINK_DIRECTORIES} PATH_SUFFIXES lib64 lib lib/x64)
    set(runtimes "${Torch_CUDART}")
  endif()
  list(GET runtimes 0 first)
  if(NOT first)
    message(FATAL_ERROR "There is no CUDA runtime library (libcudart) beside LibTorch or in the toolkit of ${CMAKE_CUDA_COMPILER}. "
                        "Set Torch_CUDART to its path.")
  endif()
  set(${out} "${first}" PARENT_SCOPE)
endfunction()
