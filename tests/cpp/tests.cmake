# One program with all tests; each of its suites is a test of CTest.
find_path(TSGEN_DOCTEST doctest/doctest.h DOC "The folder of <doctest/doctest.h>: Debian's package doctest-dev" REQUIRED)

set(suites aotinductor archive bind cases compare demand dtype example main model_file names npy npy_refusals numbers options program readable report
           shared_library signature signature_refusals tensor text threads verify warm_up)
list(TRANSFORM suites APPEND .cpp OUTPUT_VARIABLE sources)
tsgen_add_part(suites ${sources})
target_include_directories(suites SYSTEM PRIVATE "${TSGEN_DOCTEST}")
string(COMPARE NOTEQUAL "${TSGEN_SANITIZE}" "" sanitized)
target_compile_definitions(suites PRIVATE TSGEN_SANITIZED=${sanitized})
# Most of what a file costs is doctest and the standard library.
set_target_properties(suites PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 6)
set_source_files_properties(main.cpp PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)

add_executable(tests)
target_link_libraries(tests PRIVATE core runner model-file compiled-model stand-in suites Threads::Threads ${CMAKE_DL_LIBS})

# Libraries as a build makes them of a model, and one without a model; LibTorch's C functions are the program's.
foreach(library compiled foreign no_model)
  add_library(stand-in-${library} MODULE stand_in/${library}.cpp)
  target_include_directories(stand-in-${library} PRIVATE "${PROJECT_SOURCE_DIR}")
  add_dependencies(tests stand-in-${library})
endforeach()
set_target_properties(tests PROPERTIES ENABLE_EXPORTS ON)
target_compile_definitions(suites PRIVATE "TSGEN_COMPILED=\"$<TARGET_FILE:stand-in-compiled>\""
                                          "TSGEN_FOREIGN=\"$<TARGET_FILE:stand-in-foreign>\""
                                          "TSGEN_NO_MODEL=\"$<TARGET_FILE:stand-in-no_model>\"")

list(REMOVE_ITEM suites main)
foreach(suite IN LISTS suites)
  add_test(NAME ${suite} COMMAND tests --test-suite=${suite} --no-path-filenames)
  # A suite of another name, or an empty one, must not pass for one that was run.
  set_tests_properties(${suite} PROPERTIES FAIL_REGULAR_EXPRESSION "test cases: +0 \\|")
endforeach()

# The tests of threads are worth something only where a race is seen: this one has a race on purpose.
if(TSGEN_SANITIZE STREQUAL thread)
  add_test(NAME a-race-is-seen COMMAND tests --test-case=race --no-skip)
  set_tests_properties(a-race-is-seen PROPERTIES PASS_REGULAR_EXPRESSION "WARNING: ThreadSanitizer: data race")
endif()
