# SPDX-License-Identifier: 0BSD
# tsgen_install(<project> MODEL <folder>): what `cmake --install` copies.
#   bin/                 the program and the runner
#   include/             the project's headers and tsgen's
#   lib/                 tsgen's library and, if there are any, the project's operators
#   lib/cmake/<project>  find_package(<project> CONFIG) gives <C++ name>::model
#   lib/cmake/tsgen      tsgen::runtime, and FindTorch.cmake, which finds LibTorch for it
#   share/<project>      the model and its cases, where the programs look for them
# Not GNUInstallDirs: a program looks for its model in ../share beside its own bin/.
include_guard(GLOBAL)

function(tsgen_install project)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "MODEL" "")
  string(MAKE_C_IDENTIFIER "${project}" name)
  tsgen_install_library()
  set(targets ${project}-model)
  set(TSGEN_PACKAGE_OPERATORS OFF)
  foreach(program ${project} ${project}-runner)
    if(TARGET ${program})
      tsgen_use_libtorch(${program})
      install(TARGETS ${program} RUNTIME DESTINATION bin)
    endif()
  endforeach()
  if(TARGET ${project}-ops)
    list(APPEND targets ${project}-ops)
  endif()
  set_target_properties(${project}-model PROPERTIES EXPORT_NAME model)
  install(TARGETS ${targets} EXPORT ${project} RUNTIME DESTINATION bin LIBRARY DESTINATION lib ARCHIVE DESTINATION lib)
  install(EXPORT ${project} NAMESPACE ${name}:: FILE ${project}-targets.cmake DESTINATION lib/cmake/${project})
  install(DIRECTORY include/ DESTINATION include)
  tsgen_install_model(${project} "${arg_MODEL}")
  if(WIN32)
    get_target_property(TORCH_INSTALL_PREFIX tsgen::libtorch INTERFACE_TORCH_ROOT)
    torch_install_dlls(bin)
  endif()
  get_target_property(TSGEN_VERSION tsgen::runtime TSGEN_VERSION)
  configure_file("${TSGEN_CMAKE_DIR}/project-config.cmake.in" "${PROJECT_BINARY_DIR}/${project}-config.cmake" @ONLY)
  install(FILES "${PROJECT_BINARY_DIR}/${project}-config.cmake" DESTINATION lib/cmake/${project})
endfunction()

# Once in a build, however many projects install it. Nothing to do for a library that is installed already.
function(tsgen_install_library)
  get_property(done GLOBAL PROPERTY TSGEN_INSTALLED)
  get_target_property(imported tsgen::runtime IMPORTED)
  if(done OR imported)
    return()
  endif()
  set_property(GLOBAL PROPERTY TSGEN_INSTALLED TRUE)
  get_target_property(folder tsgen::runtime TSGEN_FOLDER)
  get_target_property(TSGEN_VERSION tsgen::runtime TSGEN_VERSION)
  get_target_property(TSGEN_LIBTORCH tsgen::libtorch INTERFACE_TORCH_ROOT)
  set_target_properties(tsgen-runtime PROPERTIES INSTALL_RPATH_USE_LINK_PATH ON)
  install(TARGETS tsgen-runtime EXPORT tsgen RUNTIME DESTINATION bin LIBRARY DESTINATION lib ARCHIVE DESTINATION lib)
  install(EXPORT tsgen NAMESPACE tsgen:: FILE tsgen-targets.cmake DESTINATION lib/cmake/tsgen)
  install(DIRECTORY "${folder}/include/tsgen" DESTINATION include)
  install(DIRECTORY "${folder}/cmake/" DESTINATION lib/cmake/tsgen FILES_MATCHING PATTERN "*.cmake" PATTERN "embedded_model.*.in")
  install(FILES "${folder}/LICENSE" DESTINATION share/tsgen)
  set(config "${CMAKE_BINARY_DIR}/tsgen-config.cmake")
  configure_file("${TSGEN_CMAKE_DIR}/tsgen-config.cmake.in" "${config}" @ONLY)
  include(CMakePackageConfigHelpers)
  write_basic_package_version_file("${CMAKE_BINARY_DIR}/tsgen-config-version.cmake"
                                   VERSION "${TSGEN_VERSION}" COMPATIBILITY ExactVersion)
  install(FILES "${config}" "${CMAKE_BINARY_DIR}/tsgen-config-version.cmake" DESTINATION lib/cmake/tsgen)
endfunction()
