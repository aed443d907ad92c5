# SPDX-License-Identifier: 0BSD
# cmake -P ExpectRefusal.cmake -- PROGRAM ARGUMENTS...: passes when the program says what is wrong and ends with status 2.
set(command)
math(EXPR last "${CMAKE_ARGC} - 1")
foreach(index RANGE 4 ${last})
  list(APPEND command "${CMAKE_ARGV${index}}")
endforeach()

execute_process(COMMAND ${command} RESULT_VARIABLE status OUTPUT_VARIABLE output ERROR_VARIABLE errors)
if(NOT status STREQUAL "2")
  message(FATAL_ERROR "expected exit status 2, came ${status}:\n${output}${errors}")
elseif(NOT errors MATCHES ": error: .+\n.*: hint: ")
  message(FATAL_ERROR "expected one line `error:` and one line `hint:`, came:\n${errors}")
endif()
