# Debug and Release differ in the layout of std::string and std::vector with MSVC: a program that mixes them does not fail to link,
# it crashes. So Debug needs a LibTorch of its own, or must not be built.

# The Debug distribution beside the LibTorch in `root`: the folder a user named, or the one from tsgen.lock; or empty.
function(torch_debug_root out)
  get_property(found GLOBAL PROPERTY TORCH_FETCHED_DEBUG)
  if(Torch_ROOT_DEBUG)
    torch_root_in("${Torch_ROOT_DEBUG}" found)
  endif()
  set(${out} "${found}" PARENT_SCOPE)
endfunction()

# Its libraries ask for Microsoft's runtime by name: MSVCP140D.dll is the debug one.
function(torch_is_msvc_debug root out)
  set(${out} FALSE PARENT_SCOPE)
  if(EXISTS "${root}/lib/c10.dll")
    file(STRINGS "${root}/lib/c10.dll" imported LIMIT_COUNT 1 REGEX "(MSVCP|msvcp|VCRUNTIME|vcruntime)[0-9_]+[Dd]\\.dll")
    if(imported)
      set(${out} TRUE PARENT_SCOPE)
    endif()
  endif()
endfunction()

# The reason, if any, why the LibTorch in `root` does not fit this MSVC build.
function(torch_check_msvc root out)
  if(NOT MSVC)
    return()
  endif()
  if(CMAKE_MSVC_RUNTIME_LIBRARY AND NOT CMAKE_MSVC_RUNTIME_LIBRARY MATCHES "DLL")
    string(CONCAT text "CMAKE_MSVC_RUNTIME_LIBRARY is \"${CMAKE_MSVC_RUNTIME_LIBRARY}\", but LibTorch uses Microsoft's runtime as a DLL, and what one "
           "allocates the other cannot free. Use MultiThreaded$<$<CONFIG:Debug>:Debug>DLL, the default.")
    set(${out} "${text}" PARENT_SCOPE)
    return()
  endif()
  torch_debug_root(debug_root)
  if(Torch_ROOT_DEBUG AND NOT debug_root)
    torch_not_in(Torch_ROOT_DEBUG "${Torch_ROOT_DEBUG}" text)
    set(${out} "${text}" PARENT_SCOPE)
    return()
  endif()
  torch_is_msvc_debug("${root}" is_debug)
  if(CMAKE_CONFIGURATION_TYPES)
    return() # torch_guard_debug says it when that configuration is built
  endif()
  torch_uses_debug_runtime(wants_debug)
  if(wants_debug AND NOT is_debug AND NOT debug_root)
    torch_debug_sentence("${root}" text)
    set(${out} "${text}" PARENT_SCOPE)
  elseif(is_debug AND NOT wants_debug)
    set(${out} "The LibTorch in \"${root}\" is a Debug one, but this is a ${CMAKE_BUILD_TYPE} build, and the two cannot be mixed: std::string \
differs. Set Torch_ROOT to a Release LibTorch, or build with -DCMAKE_BUILD_TYPE=Debug." PARENT_SCOPE)
  endif()
endfunction()

function(torch_uses_debug_runtime out)
  set(${out} FALSE PARENT_SCOPE)
  if(CMAKE_BUILD_TYPE STREQUAL "Debug" AND (NOT CMAKE_MSVC_RUNTIME_LIBRARY OR CMAKE_MSVC_RUNTIME_LIBRARY MATCHES "Debug"))
    set(${out} TRUE PARENT_SCOPE)
  endif()
endfunction()

function(torch_debug_sentence root out)
  string(CONCAT text "This is a Debug build with MSVC, but the LibTorch in \"${root}\" is a Release one, and the two "
         "cannot be mixed: std::string differs. Build the configuration RelWithDebInfo (-DCMAKE_BUILD_TYPE=RelWithDebInfo or --config RelWithDebInfo), "
         "or set Torch_ROOT_DEBUG to a Debug LibTorch (published up to 2.12.0).")
  set(${out} "${text}" PARENT_SCOPE)
endfunction()

# For generators that choose the configuration when they build: Debug fails then, with the same sentence, and Release does not.
function(torch_guard_debug root)
  torch_debug_root(debug_root)
  torch_is_msvc_debug("${root}" is_debug)
  if(NOT MSVC OR NOT CMAKE_CONFIGURATION_TYPES OR debug_root OR is_debug)
    return()
  endif()
  if(CMAKE_MSVC_RUNTIME_LIBRARY AND NOT CMAKE_MSVC_RUNTIME_LIBRARY MATCHES "Debug")
    return()
  endif()
  torch_debug_sentence("${root}" text)
  set(guard "${CMAKE_BINARY_DIR}/CMakeFiles/torch_no_debug.h")
  file(WRITE "${guard}.new" "#error ${text}\n")
  configure_file("${guard}.new" "${guard}" COPYONLY)
  set_property(TARGET torch APPEND PROPERTY INTERFACE_COMPILE_OPTIONS "$<$<CONFIG:Debug>:/FI${guard}>")
endfunction()
