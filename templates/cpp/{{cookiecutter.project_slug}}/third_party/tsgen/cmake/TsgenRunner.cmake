# SPDX-License-Identifier: 0BSD
# The runner, <project>-runner: the command line that proves a model (--verify), and times and describes it. --help says more.
include_guard(GLOBAL)

# The runner of the model target <C++ name>::model. MODEL: the folder that holds the model, for the programs that run it.
function(tsgen_add_runner project)
  find_package(Threads REQUIRED)
  get_target_property(folder tsgen::runtime TSGEN_FOLDER)
  add_executable(${project}-runner "${folder}/src/runner/main.cpp" $<TARGET_OBJECTS:tsgen-runner>)
  target_compile_definitions(${project}-runner PRIVATE "TSGEN_PROJECT=\"${project}\"" "TSGEN_PROGRAM=\"${project}-runner\"")
  target_include_directories(${project}-runner PRIVATE "${folder}/src")
  target_link_libraries(${project}-runner PRIVATE ${project}-model Threads::Threads)
  set_target_properties(${project}-runner PROPERTIES CXX_EXTENSIONS OFF) # so that CMake writes -std=, as for the library
  tsgen_use_libtorch(${project}-runner)
endfunction()

# What a program needs besides tsgen::runtime: DLLs beside it on Windows; and installed, run paths to LibTorch and to lib/.
function(tsgen_use_libtorch target)
  if(APPLE)
    set(origin "@loader_path")
  else()
    set(origin "$ORIGIN")
  endif()
  set_target_properties(${target} PROPERTIES INSTALL_RPATH_USE_LINK_PATH ON INSTALL_RPATH "${origin}/../lib")
  if(WIN32)
    get_target_property(TORCH_INSTALL_PREFIX tsgen::libtorch INTERFACE_TORCH_ROOT)
    torch_copy_dlls(${target})
  endif()
endfunction()

# The proof as tests of CTest: the runner replays the cases that Python saved, alone and from several threads, and refuses bad input.
function(tsgen_add_parity_test project)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "MODEL" "")
  set(model "$<TARGET_PROPERTY:${project}-model,TSGEN_MODEL>")
  get_filename_component(cases "${arg_MODEL}/cases" ABSOLUTE)
  add_test(NAME parity COMMAND ${project}-runner "${model}" --verify --cases "${cases}")
  add_test(NAME info COMMAND ${project}-runner "${model}" --info)
  add_test(NAME threads COMMAND ${project}-runner "${model}" --stress 8 --cases "${cases}")
  set_tests_properties(parity info PROPERTIES LABELS model)
  set_tests_properties(threads PROPERTIES LABELS threads)
  tsgen_add_refusal_test(${project} missing-model "${CMAKE_CURRENT_BINARY_DIR}/no-such-model.pt")
  tsgen_add_refusal_test(${project} foreign-file "${CMAKE_CURRENT_LIST_FILE}")
  tsgen_add_refusal_test(${project} unknown-option --no-such-option)
  if(WIN32)
    get_target_property(TORCH_INSTALL_PREFIX tsgen::libtorch INTERFACE_TORCH_ROOT)
    torch_use_dlls(parity info threads)
  endif()
endfunction()

# Bad input ends in a sentence and status 2, never in a crash (which WILL_FAIL would accept too).
function(tsgen_add_refusal_test project what)
  add_test(NAME refuses-${what} COMMAND "${CMAKE_COMMAND}" -P "${TSGEN_CMAKE_DIR}/ExpectRefusal.cmake" --
           ${CMAKE_CROSSCOMPILING_EMULATOR} "$<TARGET_FILE:${project}-runner>" ${ARGN})
  set_tests_properties(refuses-${what} PROPERTIES LABELS refusal)
endfunction()
