# SPDX-License-Identifier: 0BSD
# tsgen_embed_model(<target> MODEL <file> [NAME <C++ name>]): the model becomes a part of <target>'s binary.
#
#   #include "<name>/embedded_model.hpp"
#   const myapp::Model model(<name>::embedded_model());
#
# The bytes are brought in by the assembler (.incbin), on Windows as a resource: a C array of a model takes the compiler minutes.
include_guard(GLOBAL)

function(tsgen_embed_model target)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "MODEL;NAME" "")
  get_filename_component(file "${arg_MODEL}" ABSOLUTE)
  if(NOT arg_MODEL OR NOT EXISTS "${file}")
    message(FATAL_ERROR "tsgen_embed_model(${target}): MODEL names \"${arg_MODEL}\", and there is no file ${file}. "
                        "`tsgen build` exports a project's model; it has to be there before CMake configures.")
  endif()
  get_target_property(runtime tsgen::runtime TSGEN_RUNTIME)
  if(runtime STREQUAL "aotinductor")
    message(FATAL_ERROR "tsgen_embed_model(${target}): a model of the runtime aotinductor is a library, which no other binary can hold. "
                        "Export it with --runtime torchscript.")
  endif()
  if(NOT arg_NAME)
    string(MAKE_C_IDENTIFIER "${target}" arg_NAME)
  endif()
  set(folder "${CMAKE_CURRENT_BINARY_DIR}/${target}-embedded")
  set(name "${arg_NAME}")
  configure_file("${TSGEN_CMAKE_DIR}/embedded_model.hpp.in" "${folder}/${name}/embedded_model.hpp" @ONLY)
  configure_file("${TSGEN_CMAKE_DIR}/embedded_model.cpp.in" "${folder}/embedded_model.cpp" @ONLY)
  target_sources(${target} PRIVATE "${folder}/embedded_model.cpp")
  target_include_directories(${target} PUBLIC "$<BUILD_INTERFACE:${folder}>")
  target_link_libraries(${target} PUBLIC tsgen::runtime)
  set_source_files_properties("${folder}/embedded_model.cpp" PROPERTIES OBJECT_DEPENDS "${file}" SKIP_UNITY_BUILD_INCLUSION ON)
  # Compilers that can drop and merge code when they link must not look for the model's symbols in what they read as C++.
  if(NOT MSVC)
    set_source_files_properties("${folder}/embedded_model.cpp" PROPERTIES COMPILE_OPTIONS -fno-lto)
  else()
    enable_language(RC)
    file(CONFIGURE OUTPUT "${folder}/embedded_model.rc" CONTENT "tsgen_model_@name@ RCDATA \"@file@\"\n" @ONLY)
    target_sources(${target} PRIVATE "${folder}/embedded_model.rc")
  endif()
endfunction()
