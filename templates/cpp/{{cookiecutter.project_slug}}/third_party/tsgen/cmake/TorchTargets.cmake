# SPDX-License-Identifier: 0BSD
# The imported targets: torch_cpu and c10 (the libraries) and torch (what to link). Only these two libraries: libtorch_cuda would
# cost 1.4 s at every start, and a program that wants a GPU loads it when asked to.

# `target` is what to link; `prefix` stands before the names of the libraries. With GLOBAL every folder of the build sees them.
function(torch_add_targets target prefix)
  torch_add_library(c10 "${prefix}c10" ${ARGN})
  torch_add_library(torch_cpu "${prefix}torch_cpu" ${ARGN})
  set_property(TARGET "${prefix}torch_cpu" PROPERTY INTERFACE_LINK_LIBRARIES "${prefix}c10")

  add_library(${target} INTERFACE IMPORTED ${ARGN})
  set_target_properties(${target} PROPERTIES
    INTERFACE_INCLUDE_DIRECTORIES "${TORCH_INCLUDE_DIRS}"
    INTERFACE_COMPILE_FEATURES "cxx_std_${Torch_CXX_STANDARD}"
    INTERFACE_COMPILE_OPTIONS "${TORCH_CXX_FLAGS}"
    INTERFACE_LINK_LIBRARIES "${prefix}torch_cpu;${prefix}c10;${CMAKE_DL_LIBS}"
    INTERFACE_TORCH_ROOT "${TORCH_INSTALL_PREFIX}")
  torch_add_platform_rules(${target})
  torch_guard_debug(${target} "${TORCH_INSTALL_PREFIX}")

  # An upgrade of torch in its place changes version and standard: configure again.
  foreach(file version.py build-version)
    if(EXISTS "${TORCH_INSTALL_PREFIX}/${file}")
      set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${TORCH_INSTALL_PREFIX}/${file}")
    endif()
  endforeach()
endfunction()

function(torch_add_platform_rules target)
  if(WIN32)
    set_property(TARGET ${target} APPEND PROPERTY INTERFACE_COMPILE_DEFINITIONS NOMINMAX)
    if(MSVC)
      foreach(option /permissive- /EHsc /bigobj) # nvcc hands on to cl what it does not know itself, when told so
        set_property(TARGET ${target} APPEND PROPERTY INTERFACE_COMPILE_OPTIONS
                     "$<$<COMPILE_LANGUAGE:CXX>:${option}>" "$<$<COMPILE_LANGUAGE:CUDA>:-Xcompiler=${option}>")
      endforeach()
    endif()
    return()
  endif()
  find_package(Threads REQUIRED)
  # Not Threads::Threads: that target is seen by the folder alone that asked for it.
  set_property(TARGET ${target} APPEND PROPERTY INTERFACE_LINK_LIBRARIES ${CMAKE_THREAD_LIBS_INIT})
  if(CMAKE_SYSTEM_NAME STREQUAL "Linux")
    # Libraries that register operators when loaded must stay, used or not; and the NVIDIA libraries that a CUDA distribution's
    # libtorch_cpu needs are found through its own run path, which linkers do not follow.
    set_property(TARGET ${target} PROPERTY INTERFACE_LINK_OPTIONS
                 "LINKER:--no-as-needed" "LINKER:--unresolved-symbols=ignore-in-shared-libs")
  elseif(APPLE)
    torch_add_libomp(${target})
  endif()
endfunction()

# Distributions for macOS before 2.4 want an OpenMP that they do not bring: the one of a package manager.
function(torch_add_libomp target)
  set(beside "${TORCH_INSTALL_PREFIX}/lib/libomp.dylib")
  # What a library needs is named in its first pages; the rest of it are hundreds of megabytes.
  file(STRINGS "${TORCH_INSTALL_PREFIX}/lib/libtorch_cpu.dylib" needs LIMIT_COUNT 1 LIMIT_INPUT 65536 REGEX "@rpath/libomp\\.dylib")
  if(EXISTS "${beside}" OR NOT needs)
    return()
  endif()
  find_library(Torch_LIBOMP omp HINTS "${TORCH_INSTALL_PREFIX}/.dylibs"
               PATHS /opt/homebrew/opt/libomp/lib /usr/local/opt/libomp/lib /opt/local/lib/libomp)
  if(Torch_LIBOMP)
    get_filename_component(folder "${Torch_LIBOMP}" DIRECTORY)
    set_property(TARGET ${target} APPEND PROPERTY INTERFACE_LINK_OPTIONS "LINKER:-rpath,${folder}")
  else()
    message(WARNING "LibTorch ${Torch_VERSION_FULL} needs libomp.dylib and does not bring it: programs will not start. "
                    "`brew install libomp`, or set Torch_LIBOMP to its path.")
  endif()
endfunction()

function(torch_add_library name target)
  add_library(${target} SHARED IMPORTED ${ARGN})
  torch_set_files(${name} ${target} "${TORCH_INSTALL_PREFIX}" "")
  torch_debug_root(debug_root)
  if(WIN32 AND debug_root)
    torch_set_files(${name} ${target} "${TORCH_INSTALL_PREFIX}" _RELEASE)
    torch_set_files(${name} ${target} "${debug_root}" _DEBUG)
    set_target_properties(${target} PROPERTIES
      IMPORTED_CONFIGURATIONS "RELEASE;DEBUG"
      MAP_IMPORTED_CONFIG_RELWITHDEBINFO RELEASE
      MAP_IMPORTED_CONFIG_MINSIZEREL RELEASE)
  endif()
endfunction()

function(torch_set_files name target root suffix)
  torch_library_file(${name} library)
  if(WIN32)
    set_target_properties(${target} PROPERTIES
      IMPORTED_IMPLIB${suffix} "${root}/${library}"
      IMPORTED_LOCATION${suffix} "${root}/lib/${name}.dll")
  else()
    set_property(TARGET ${target} PROPERTY IMPORTED_LOCATION${suffix} "${root}/${library}")
  endif()
  if(APPLE)
    set_property(TARGET ${target} PROPERTY IMPORTED_SONAME "@rpath/lib${name}.dylib")
  endif()
endfunction()
