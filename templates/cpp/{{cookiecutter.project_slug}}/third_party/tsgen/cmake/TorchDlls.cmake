# SPDX-License-Identifier: 0BSD
# Windows has no run path: DLLs must lie beside the program or on the PATH. Elsewhere there is nothing to do.
#
# Beside the program goes what a CPU needs. The libraries of CUDA are several gigabytes, for each build tree: they stay where they
# are, and a program that is to use a GPU is started with LibTorch's lib folder on the PATH.

# After each build of the target, for its configuration.
function(torch_copy_dlls target)
  if(NOT WIN32)
    return()
  endif()
  torch_dlls(dlls)
  list(APPEND dlls "$<TARGET_RUNTIME_DLLS:${target}>") # with the DLLs of the target's own libraries
  add_custom_command(TARGET ${target} POST_BUILD
    COMMAND "${CMAKE_COMMAND}" -E copy_if_different "${dlls}" "$<TARGET_FILE_DIR:${target}>"
    COMMAND_EXPAND_LISTS VERBATIM)
  set_property(TARGET ${target} PROPERTY VS_DEBUGGER_ENVIRONMENT "PATH=${TORCH_INSTALL_PREFIX}/lib;%PATH%")
  if(EXISTS "${TORCH_INSTALL_PREFIX}/lib/torch_cuda.dll")
    message(STATUS "To use a GPU, start ${target} with \"${TORCH_INSTALL_PREFIX}/lib\" on the PATH")
  endif()
endfunction()

function(torch_install_dlls folder)
  if(WIN32)
    torch_dlls(dlls)
    install(FILES "$<1:${dlls}>" DESTINATION "${folder}") # as an expression, the list may be one of a configuration
  endif()
endfunction()

# CTest finds the DLLs that are not copied too.
function(torch_use_dlls)
  if(WIN32)
    set_tests_properties(${ARGN} PROPERTIES ENVIRONMENT_MODIFICATION "PATH=path_list_prepend:${TORCH_INSTALL_PREFIX}/lib")
  endif()
endfunction()

# One word for any configuration.
function(torch_dlls out)
  torch_dlls_in("${TORCH_INSTALL_PREFIX}" release)
  torch_debug_root(debug_root)
  if(debug_root)
    torch_dlls_in("${debug_root}" debug)
    set(${out} "$<IF:$<CONFIG:Debug>,${debug},${release}>" PARENT_SCOPE)
  else()
    set(${out} "${release}" PARENT_SCOPE)
  endif()
endfunction()

# From lib/ only: since 2.12 bin/ has the same files once more. Named is what to leave, since each version brings other DLLs (fbgemm,
# asmjit, libiomp5md, uv, armpl_lp64, cupti): for Python, stand-ins, and what only a GPU needs.
function(torch_dlls_in root out)
  set(python "torch_python|shm|libiompstubs5md")
  set(gpu "torch_cuda.*|c10_cuda|caffe2_nvrtc|cublas.*|cudnn.*|cufft.*|curand.*|cusolver.*|cusparse.*|nvrtc.*|nvJitLink.*|nvfuser.*|nccl.*")
  file(GLOB dlls "${root}/lib/*.dll")
  list(FILTER dlls EXCLUDE REGEX "/(${python}|${gpu})\\.dll$")
  set(${out} "${dlls}" PARENT_SCOPE)
endfunction()
