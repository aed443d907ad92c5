# SPDX-License-Identifier: 0BSD
# Names of folders that CMake or Ninja misreads: said here in a sentence, since they fail late and in riddles. Spaces, umlauts,
# apostrophes and a plain $ are fine.
foreach(folder "${CMAKE_CURRENT_SOURCE_DIR}" "${CMAKE_BINARY_DIR}")
  if(folder MATCHES "[;|\"\n]|[$][A-Za-z]*[{<]")
    message(FATAL_ERROR "The folder \"${folder}\" cannot be built in: CMake misreads ${CMAKE_MATCH_0} in its name. "
                        "Move or rename it (not allowed are ; | \" line breaks, and $ before { or <).")
  endif()
endforeach()
