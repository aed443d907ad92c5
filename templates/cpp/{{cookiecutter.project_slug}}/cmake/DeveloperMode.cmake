# Warnings and sanitizers, for our own files: LibTorch's headers are SYSTEM and stay silent.
set(prefix {{ cookiecutter.__identifier }})
option(${prefix}_WARNINGS_AS_ERRORS "A warning stops the build" OFF)
set(${prefix}_SANITIZERS "" CACHE STRING "For -fsanitize=, such as address,undefined")

if(MSVC)
  set(warnings /W4)
  set(as_errors /WX)
else()
  set(warnings -Wall -Wextra -Wpedantic -Wconversion)
  set(as_errors -Werror)
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_GREATER_EQUAL 12
   AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  list(APPEND warnings -Wno-restrict) # false alarm on "text" + std::string in C++20: GCC bug 105651
endif()
if(${prefix}_WARNINGS_AS_ERRORS)
  list(APPEND warnings ${as_errors})
endif()
target_compile_options({{ cookiecutter.project_slug }}-lib PRIVATE ${warnings})
target_compile_options({{ cookiecutter.project_slug }} PRIVATE ${warnings})

# PUBLIC: a sanitizer must be in every program that the library is linked to.
if(${prefix}_SANITIZERS)
  target_compile_options({{ cookiecutter.project_slug }}-lib PUBLIC
    "-fsanitize=${${prefix}_SANITIZERS}" -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options({{ cookiecutter.project_slug }}-lib PUBLIC "-fsanitize=${${prefix}_SANITIZERS}")
endif()
