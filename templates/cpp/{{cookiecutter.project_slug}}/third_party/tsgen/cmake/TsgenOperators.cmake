# SPDX-License-Identifier: 0BSD
# Sources of a project's own that belong to its model. Without such files there is nothing to do.
#   ops/*.cpp, ops/*.cu   operators that the model calls by name: one shared library, <project>-ops. Python loads it for the export, and
#                         whatever uses the model is linked with it, so that they are registered in both
#   src/cuda/*.cu         other CUDA code, linked into whatever uses the model
#   model/model.cpp       a model that was exported as C++: TsgenCompiled.cmake
include_guard(GLOBAL)

# To be called in the folder of the project, with its INTERFACE target of the model. A macro: CMake turns a language on for the file that
# asks for it, and not from within a function.
macro(tsgen_add_operators model)
  file(GLOB tsgen_op_sources CONFIGURE_DEPENDS ops/*.cpp ops/*.cu)
  file(GLOB tsgen_cuda_sources CONFIGURE_DEPENDS src/cuda/*.cu)
  if(tsgen_op_sources OR tsgen_cuda_sources)
    tsgen_find_torch()
  endif()
  if("${tsgen_op_sources};${tsgen_cuda_sources}" MATCHES "\\.cu(;|$)")
    include("${TSGEN_CMAKE_DIR}/TorchCuda.cmake") # first: a target takes the settings of a language when it is made
  endif()
  if(tsgen_op_sources)
    tsgen_add_operator_library(${model} ${tsgen_op_sources})
  endif()
  if(tsgen_cuda_sources)
    torch_add_cuda_sources(${model} ${tsgen_cuda_sources})
  endif()
  tsgen_add_model_file(${model})
endmacro()

function(tsgen_add_operator_library model)
  set(library ${PROJECT_NAME}-ops)
  add_library(${library} SHARED ${ARGN})
  target_link_libraries(${library} PRIVATE Torch::Torch)
  if("${ARGN}" MATCHES "\\.cu(;|$)")
    torch_use_cuda(${library})
  endif()
  # Installed, it finds LibTorch where it was found for the build.
  set_target_properties(${library} PROPERTIES INSTALL_RPATH_USE_LINK_PATH ON)
  target_link_libraries(${model} INTERFACE ${library})
  tsgen_keep_operators(${model} ${library})
endfunction()

# Nothing calls it by name. On Linux tsgen::libtorch has the linker keep such libraries, and macOS keeps them; Windows links DLLs only
# for their functions.
function(tsgen_keep_operators model library)
  if(WIN32)
    string(MAKE_C_IDENTIFIER "${library}_anchor" anchor)
    set(source "${CMAKE_CURRENT_BINARY_DIR}/op_anchor.cpp")
    file(CONFIGURE OUTPUT "${source}" CONTENT "extern \"C\" __declspec(dllexport) void ${anchor}() {}\n" @ONLY)
    target_sources(${library} PRIVATE "${source}")
    target_link_options(${model} INTERFACE "LINKER:/INCLUDE:${anchor}")
  endif()
endfunction()
