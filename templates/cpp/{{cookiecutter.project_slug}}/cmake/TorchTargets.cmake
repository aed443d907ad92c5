# The imported targets: torch_cpu and c10 (the libraries) and torch (what to link). Only these two libraries: libtorch_cuda would
# cost 1.4 s at every start, and a program that wants a GPU loads it when asked to.

function(torch_add_targets)
  torch_add_library(c10)
  torch_add_library(torch_cpu)
  set_property(TARGET torch_cpu PROPERTY INTERFACE_LINK_LIBRARIES c10)

  add_library(torch INTERFACE IMPORTED)
  add_library(Torch::Torch ALIAS torch)
  set_target_properties(torch PROPERTIES
    INTERFACE_INCLUDE_DIRECTORIES "${TORCH_INCLUDE_DIRS}"
    INTERFACE_COMPILE_FEATURES "cxx_std_${Torch_CXX_STANDARD}"
    INTERFACE_COMPILE_OPTIONS "${TORCH_CXX_FLAGS}"
    INTERFACE_LINK_LIBRARIES "torch_cpu;c10;${CMAKE_DL_LIBS}")
  torch_add_platform_rules()

  # An upgrade of torch in its place changes version and standard: configure again.
  foreach(file version.py build-version)
    if(EXISTS "${TORCH_INSTALL_PREFIX}/${file}")
      set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${TORCH_INSTALL_PREFIX}/${file}")
    endif()
  endforeach()
endfunction()

function(torch_add_platform_rules)
  if(WIN32)
    set_property(TARGET torch APPEND PROPERTY INTERFACE_COMPILE_DEFINITIONS NOMINMAX)
    if(MSVC)
      set_property(TARGET torch APPEND PROPERTY INTERFACE_COMPILE_OPTIONS /permissive- /EHsc /bigobj)
    endif()
    return()
  endif()
  find_package(Threads REQUIRED)
  set_property(TARGET torch APPEND PROPERTY INTERFACE_LINK_LIBRARIES Threads::Threads)
  if(CMAKE_SYSTEM_NAME STREQUAL "Linux")
    # Libraries that register operators when loaded must stay, used or not; and the NVIDIA libraries that a CUDA distribution's
    # libtorch_cpu needs are found through its own run path, which linkers do not follow.
    set_property(TARGET torch PROPERTY INTERFACE_LINK_OPTIONS
                 "LINKER:--no-as-needed" "LINKER:--unresolved-symbols=ignore-in-shared-libs")
  endif()
endfunction()

function(torch_add_library name)
  add_library(${name} SHARED IMPORTED)
  torch_set_files(${name} "${TORCH_INSTALL_PREFIX}" "")
  if(WIN32 AND Torch_ROOT_DEBUG)
    torch_root_in("${Torch_ROOT_DEBUG}" debug_root)
    torch_set_files(${name} "${TORCH_INSTALL_PREFIX}" _RELEASE)
    torch_set_files(${name} "${debug_root}" _DEBUG)
    set_target_properties(${name} PROPERTIES
      IMPORTED_CONFIGURATIONS "RELEASE;DEBUG"
      MAP_IMPORTED_CONFIG_RELWITHDEBINFO RELEASE
      MAP_IMPORTED_CONFIG_MINSIZEREL RELEASE)
  endif()
endfunction()

function(torch_set_files name root suffix)
  torch_library_file(${name} library)
  if(WIN32)
    set_target_properties(${name} PROPERTIES
      IMPORTED_IMPLIB${suffix} "${root}/${library}"
      IMPORTED_LOCATION${suffix} "${root}/lib/${name}.dll")
  else()
    set_property(TARGET ${name} PROPERTY IMPORTED_LOCATION${suffix} "${root}/${library}")
  endif()
  if(APPLE)
    set_property(TARGET ${name} PROPERTY IMPORTED_SONAME "@rpath/lib${name}.dylib")
  endif()
endfunction()

# Windows has no run path: the DLLs must lie beside the program. Elsewhere there is nothing to do.
function(torch_copy_dlls target)
  if(NOT WIN32)
    return()
  endif()
  # What torch_cpu.dll loads and is no target: OpenMP, libuv, and the ARM performance library.
  file(GLOB companions "${TORCH_INSTALL_PREFIX}/lib/libiomp*5md.dll" "${TORCH_INSTALL_PREFIX}/lib/uv.dll"
       "${TORCH_INSTALL_PREFIX}/lib/armpl_lp64.dll")
  add_custom_command(TARGET ${target} POST_BUILD
    COMMAND "${CMAKE_COMMAND}" -E copy_if_different $<TARGET_RUNTIME_DLLS:${target}> ${companions} $<TARGET_FILE_DIR:${target}>
    COMMAND_EXPAND_LISTS VERBATIM)
endfunction()
