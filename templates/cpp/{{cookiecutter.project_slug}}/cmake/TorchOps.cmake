# Operators of one's own, which a model calls by name: ops/*.cpp and ops/*.cu become one shared library. Python loads it for the
# export, and the program is linked with it, so that they are registered in both. Without such files there is nothing to do.
file(GLOB op_sources CONFIGURE_DEPENDS ops/*.cpp)
file(GLOB op_cuda_sources CONFIGURE_DEPENDS ops/*.cu)
if(NOT op_sources AND NOT op_cuda_sources)
  return()
endif()

if(op_cuda_sources)
  include("${CMAKE_CURRENT_LIST_DIR}/TorchCuda.cmake") # first: a target takes the settings of a language when it is made
endif()
add_library({{ cookiecutter.project_slug }}-ops SHARED ${op_sources} ${op_cuda_sources})
target_link_libraries({{ cookiecutter.project_slug }}-ops PRIVATE Torch::Torch)
if(op_cuda_sources)
  torch_use_cuda({{ cookiecutter.project_slug }}-ops)
endif()

# Nothing calls it by name. On Linux Torch::Torch has the linker keep such libraries, and macOS keeps them; Windows links DLLs only for
# their functions.
if(WIN32)
  set(op_anchor "${CMAKE_CURRENT_BINARY_DIR}/op_anchor.cpp")
  file(WRITE "${op_anchor}.new" "extern \"C\" __declspec(dllexport) void {{ cookiecutter.__identifier }}_operators() {}\n")
  configure_file("${op_anchor}.new" "${op_anchor}" COPYONLY)
  target_sources({{ cookiecutter.project_slug }}-ops PRIVATE "${op_anchor}")
  target_link_options({{ cookiecutter.project_slug }}-lib INTERFACE "LINKER:/INCLUDE:{{ cookiecutter.__identifier }}_operators")
endif()
target_link_libraries({{ cookiecutter.project_slug }}-lib PRIVATE {{ cookiecutter.project_slug }}-ops)

# Installed, both find LibTorch where it was found for the build, and the program finds the library in lib/ beside its bin/.
set_target_properties({{ cookiecutter.project_slug }}-ops PROPERTIES INSTALL_RPATH_USE_LINK_PATH ON)
if(APPLE)
  list(APPEND CMAKE_INSTALL_RPATH "@loader_path/../lib")
else()
  list(APPEND CMAKE_INSTALL_RPATH "$ORIGIN/../lib")
endif()
install(TARGETS {{ cookiecutter.project_slug }}-ops RUNTIME DESTINATION bin LIBRARY DESTINATION lib ARCHIVE DESTINATION lib)
