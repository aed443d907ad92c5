# SPDX-License-Identifier: 0BSD
# The LibTorch that tsgen.lock pins: an official zip is fetched, checked against the pinned sha256 and unpacked in the build tree.
#   Torch_FETCH=OFF              takes the torch of Python instead
#   FETCHCONTENT_BASE_DIR        where it is kept, FETCHCONTENT_FULLY_DISCONNECTED and the like: as for any FetchContent
#   environment TSGEN_MIRROR     stands in for https://download.pytorch.org
include(FetchContent)
set(torch_fetch_folder "${FETCHCONTENT_BASE_DIR}") # read in any case: CMake warns of a variable of a preset that nothing reads
option(Torch_FETCH "Fetch the LibTorch that tsgen.lock names" ON)

# A place to look, for torch_locate. A Debug distribution comes along where Windows needs one: Torch_FETCHED_DEBUG.
function(torch_locate_locked root origin problem)
  torch_wanted_build_types(build_types)
  set(found "")
  foreach(build_type IN LISTS build_types)
    torch_lock_read(lock ${build_type})
    set(${build_type}_root "")
    if(lock_url AND lock_sha256 AND (WIN32 OR NOT found))
      torch_fetch(libtorch_${build_type} ${build_type}_root reason)
      if(reason)
        set(${problem} "${reason}" PARENT_SCOPE)
        return()
      endif()
      list(APPEND found "${${build_type}_root}")
    endif()
  endforeach()
  if(found)
    list(GET found 0 first)
    set(${root} "${first}" PARENT_SCOPE)
    set(${origin} "tsgen.lock: ${first}" PARENT_SCOPE)
    set_property(GLOBAL PROPERTY TORCH_FETCHED_DEBUG "${debug_root}")
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${lock_FILE}")
  endif()
endfunction()

# Uses the lock_... variables. `root` stays empty when fetching is not allowed.
function(torch_fetch name root problem)
  set(${problem} "" PARENT_SCOPE)
  string(TOUPPER "${name}" upper)
  file(LOCK "${FETCHCONTENT_BASE_DIR}" DIRECTORY GUARD FUNCTION) # our presets share the folder
  if(NOT FETCHCONTENT_SOURCE_DIR_${upper} AND NOT FETCHCONTENT_FULLY_DISCONNECTED)
    if(NOT Torch_FETCH)
      return()
    endif()
    torch_download(archive reason)
    if(reason)
      set(${problem} "${reason}" PARENT_SCOPE)
      return()
    endif()
  elseif(FETCHCONTENT_FULLY_DISCONNECTED AND NOT EXISTS "${FETCHCONTENT_BASE_DIR}/${name}-src")
    return()
  endif()
  FetchContent_Declare(${name} URL "${archive}" URL_HASH SHA256=${lock_sha256})
  FetchContent_MakeAvailable(${name})
  FetchContent_GetProperties(${name} SOURCE_DIR folder)
  torch_root_in("${folder}" found)
  if(NOT found)
    torch_not_in("The LibTorch of tsgen.lock" "${folder}" reason)
    set(${problem} "${reason}" PARENT_SCOPE)
  endif()
  set(${root} "${found}" PARENT_SCOPE)
endfunction()

# Not by FetchContent itself: it asks six times for what is not there or is not the file, for minutes and for gigabytes, and then
# does not say what to do. The file's name has no + or %: the folder of a LibTorch must not.
function(torch_download archive problem)
  string(SUBSTRING "${lock_sha256}" 0 16 short)
  set(file "${FETCHCONTENT_BASE_DIR}/libtorch-${short}.zip")
  set(${archive} "${file}" PARENT_SCOPE)
  set(${problem} "" PARENT_SCOPE)
  if(EXISTS "${file}")
    return()
  endif()
  torch_address("${lock_url}" address)
  message(STATUS "Fetching LibTorch ${lock_version} from ${address}")
  file(DOWNLOAD "${address}" "${file}.part" STATUS status INACTIVITY_TIMEOUT 60 TLS_VERIFY ON SHOW_PROGRESS
       HTTPHEADER "User-Agent: tsgen")
  list(GET status 0 code)
  if(NOT code EQUAL 0)
    list(GET status 1 why)
    string(CONCAT text "LibTorch ${lock_version} could not be fetched from ${address}: ${why}. A server of PyTorch answers 403 also for a "
           "file that does not exist. Set the environment variable TSGEN_MIRROR to a mirror of https://download.pytorch.org, or "
           "-DTorch_ROOT=<folder> to an unpacked LibTorch ${lock_version}, or take the torch of python3 with -DTorch_FETCH=OFF.")
  else()
    file(SHA256 "${file}.part" came)
    if(came STREQUAL lock_sha256)
      file(RENAME "${file}.part" "${file}")
      return()
    endif()
    string(CONCAT text "LibTorch ${lock_version} is refused: ${address} does not have the sha256 that tsgen.lock pins.\n"
           "  expected  ${lock_sha256}\n  came      ${came}\n"
           "The file was exchanged on the server or on the way. If PyTorch has published it anew and you trust it: `tsgen build` without "
           "--locked, where the lock is written.")
  endif()
  file(REMOVE "${file}.part")
  set(${problem} "${text}" PARENT_SCOPE)
endfunction()

# A + in a path means a space to that server.
function(torch_address url out)
  set(mirror "$ENV{TSGEN_MIRROR}")
  string(REGEX REPLACE "/$" "" mirror "${mirror}")
  if(mirror)
    string(REGEX REPLACE "^https://download\\.pytorch\\.org/" "${mirror}/" url "${url}")
  endif()
  string(REPLACE "+" "%2B" url "${url}")
  set(${out} "${url}" PARENT_SCOPE)
endfunction()
