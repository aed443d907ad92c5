# SPDX-License-Identifier: 0BSD
# Models that AOTInductor wrote as C++: model/model.cpp, beside it weights.bin and signature.tsgen, become a library, model/model.so in the
# build folder, which the programs load as others load model.pt. The C++ is for no machine in particular, so nothing else is in it than in
# model.cpp: not the flags and not the paths of the machine that exported it.
include_guard(GLOBAL)
include("${CMAKE_CURRENT_LIST_DIR}/TsgenLibomp.cmake")

# In `out` the runtime that a project's model/ is for, by what lies there.
function(tsgen_runtime_of out folder)
  file(GLOB code CONFIGURE_DEPENDS "${folder}/model.cpp" "${folder}/model.so")
  if(code)
    set(${out} aotinductor PARENT_SCOPE)
  else()
    set(${out} torchscript PARENT_SCOPE)
  endif()
endfunction()

# To be called in the folder of the project, with its INTERFACE target of the model. Its property TSGEN_MODEL is then the file that the
# programs load, whatever the runtime: "$<TARGET_PROPERTY:<model target>,TSGEN_MODEL>".
function(tsgen_add_model_file model)
  get_target_property(runtime tsgen::runtime TSGEN_RUNTIME)
  if(EXISTS "${PROJECT_SOURCE_DIR}/model/model.so")
    set(file "${PROJECT_SOURCE_DIR}/model/model.so") # compiled by the export, for its kind of machine
  elseif(runtime STREQUAL "aotinductor")
    tsgen_add_compiled_model(${model})
    set(file "${CMAKE_CURRENT_BINARY_DIR}/model/model${CMAKE_SHARED_MODULE_SUFFIX}")
  else()
    set(file "${PROJECT_SOURCE_DIR}/model/model.pt")
  endif()
  set_target_properties(${model} PROPERTIES TSGEN_MODEL "${file}")
endfunction()

function(tsgen_add_compiled_model model)
  set(TSGEN_MODEL_FOLDER "${PROJECT_SOURCE_DIR}/model")
  set(library ${PROJECT_NAME}-compiled)
  set(data "${CMAKE_CURRENT_BINARY_DIR}/${library}.data.cpp")
  tsgen_find_torch()
  configure_file("${TSGEN_CMAKE_DIR}/compiled_model.cpp.in" "${data}" @ONLY)
  add_library(${library} MODULE "${TSGEN_MODEL_FOLDER}/model.cpp" "${data}")
  set_source_files_properties("${data}" PROPERTIES
    OBJECT_DEPENDS "${TSGEN_MODEL_FOLDER}/weights.bin;${TSGEN_MODEL_FOLDER}/signature.tsgen" SKIP_UNITY_BUILD_INCLUSION ON)
  target_link_libraries(${library} PRIVATE Torch::Torch)
  tsgen_use_openmp(${library})
  target_compile_features(${library} PRIVATE cxx_std_20)
  target_compile_definitions(${library} PRIVATE TORCH_INDUCTOR_CPP_WRAPPER STANDALONE_TORCH_HEADER C10_USING_CUSTOM_GENERATED_MACROS
                                                _USE_MATH_DEFINES)
  set_target_properties(${library} PROPERTIES
    PREFIX ""
    OUTPUT_NAME model
    CXX_EXTENSIONS OFF
    CXX_VISIBILITY_PRESET hidden
    VISIBILITY_INLINES_HIDDEN ON
    UNITY_BUILD OFF
    CXX_SCAN_FOR_MODULES OFF
    CXX_CLANG_TIDY ""
    LIBRARY_OUTPUT_DIRECTORY "$<1:${CMAKE_CURRENT_BINARY_DIR}/model>"
    INSTALL_RPATH_USE_LINK_PATH ON)
  tsgen_compile_as_python(${library})
  add_dependencies(${model} ${library})
endfunction()

# One OpenMP in a process: with two there are two teams of threads, and of their numbers only one is the program's. So it is LibTorch's own
# where that is not GNU's, the one of every Linux distribution.
function(tsgen_use_openmp library)
  if(MINGW)
    target_compile_options(${library} PRIVATE -fopenmp)
    target_sources(${library} PRIVATE "${TSGEN_CMAKE_DIR}/compiled_model_openmp.cpp")
    target_link_libraries(${library} PRIVATE "${TORCH_INSTALL_PREFIX}/lib/libiomp5md.dll")
    # Nothing of C++ crosses its interface: it needs no libstdc++ beside it.
    target_link_options(${library} PRIVATE -static)
    return()
  elseif(APPLE AND EXISTS "${TORCH_INSTALL_PREFIX}/lib/libomp.dylib" AND EXISTS "${TORCH_INSTALL_PREFIX}/include/omp.h")
    # Apple's clang knows it, and has neither library nor header.
    target_compile_options(${library} PRIVATE "SHELL:-Xclang -fopenmp")
    tsgen_libomp_stub(stub)
    target_link_libraries(${library} PRIVATE "${stub}")
    return()
  endif()
  find_package(OpenMP COMPONENTS CXX)
  if(NOT OpenMP_CXX_FOUND)
    message(FATAL_ERROR "The model's C++ (model/model.cpp) needs OpenMP, which ${CMAKE_CXX_COMPILER} does not have here. Use g++ (CXX=g++), "
                        "or install the compiler's OpenMP: libomp-dev for clang.")
  endif()
  target_link_libraries(${library} PRIVATE OpenMP::OpenMP_CXX)
endfunction()

# Python rounds each operation by itself: no fused multiply-add. And the warnings are PyTorch's, who wrote the file.
function(tsgen_compile_as_python library)
  if(MSVC)
    target_compile_options(${library} PRIVATE /fp:precise /w)
    return()
  endif()
  target_compile_options(${library} PRIVATE -ffp-contract=off -w -fno-lto "-ffile-prefix-map=${PROJECT_SOURCE_DIR}=."
                         "-ffile-prefix-map=${TORCH_INSTALL_PREFIX}=libtorch")
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND NOT WIN32)
    # Unique symbols would be one for all compiled models of a process.
    target_compile_options(${library} PRIVATE -fno-gnu-unique)
  endif()
endfunction()

# What a program of a compiled model needs where it is installed: the library in the place of its sources.
function(tsgen_install_model project folder)
  if(NOT TARGET ${project}-compiled)
    install(DIRECTORY "${folder}/" DESTINATION share/${project}/model)
    return()
  endif()
  install(DIRECTORY "${folder}/" DESTINATION share/${project}/model PATTERN "model.cpp" EXCLUDE PATTERN "weights.bin" EXCLUDE
          PATTERN "signature.tsgen" EXCLUDE)
  install(TARGETS ${project}-compiled LIBRARY DESTINATION share/${project}/model RUNTIME DESTINATION share/${project}/model)
endfunction()
