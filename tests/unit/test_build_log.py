"""Of a long build log, the first error is told."""

from __future__ import annotations

from textwrap import dedent

import pytest

from tsgen.build import cmake

GCC = """
    [1/4] Building CXX object CMakeFiles/m.dir/src/no_error.cpp.o
    [2/4] Building CXX object CMakeFiles/m.dir/src/error.cpp.o
    FAILED: CMakeFiles/m.dir/src/error.cpp.o
    /usr/bin/g++ -Wall -Werror=return-type -c /p/src/error.cpp
    In file included from /p/src/error.cpp:1:
    /p/src/a.hpp: In function 'int main()':
    /p/src/a.hpp:4:2: warning: unused variable 'error' [-Wunused-variable]
    /p/src/a.hpp:7:3: error: 'foo' was not declared in this scope
        7 |   foo();
          |   ^~~
    ninja: build stopped: subcommand failed.
    """
CLANG = """
    [1/4] Building CXX object CMakeFiles/m.dir/src/a.cpp.o
    /p/src/a.cpp:1:10: fatal error: 'torch/script.h' file not found
        1 | #include <torch/script.h>
    1 error generated.
    """
LD = """
    [4/4] Linking CXX executable myapp
    FAILED: myapp
    : && /usr/bin/c++ -O3 main.o -o myapp && :
    /usr/bin/ld: main.o: in function `main':
    main.cpp:(.text+0x1b): undefined reference to `torch::jit::load()'
    collect2: error: ld returned 1 exit status
    """
LLD = """
    [4/4] Linking CXX executable myapp
    ld.lld: error: undefined symbol: torch::jit::load()
    >>> referenced by main.cpp
    """
MISSING_LIBRARY = """
    [4/4] Linking CXX executable myapp
    /usr/bin/ld: cannot find -ltorch_cpu: No such file or directory
    collect2: error: ld returned 1 exit status
    """
CMAKE_LOG = """
    -- The CXX compiler identification is GNU 12.2.0
    -- Looking for error.h - found
    CMake Error at cmake/FindTorch.cmake:12 (message):
      no LibTorch was found

    Call Stack (most recent call first):
    """
NINJA = """
    [0/1] Re-running CMake...
    ninja: error: 'model.cpp', needed by 'model.o', missing and no known rule to make it
    """
MSVC = """
    [1/2] Building CXX object main.cpp.obj
    C:\\p\\src\\main.cpp(3): error C2065: 'foo': undeclared identifier
    ninja: build stopped: subcommand failed.
    """


@pytest.mark.parametrize(
    ("log", "first"),
    [
        pytest.param(GCC, "/p/src/a.hpp:7:3: error: 'foo' was not declared in this scope", id="gcc"),
        pytest.param(CLANG, "/p/src/a.cpp:1:10: fatal error: 'torch/script.h' file not found", id="clang"),
        pytest.param(LD, "main.cpp:(.text+0x1b): undefined reference to `torch::jit::load()'", id="ld"),
        pytest.param(LLD, "ld.lld: error: undefined symbol: torch::jit::load()", id="lld"),
        pytest.param(MISSING_LIBRARY, "/usr/bin/ld: cannot find -ltorch_cpu: No such file or directory", id="library"),
        pytest.param(CMAKE_LOG, "CMake Error at cmake/FindTorch.cmake:12 (message):", id="cmake"),
        pytest.param(
            NINJA, "ninja: error: 'model.cpp', needed by 'model.o', missing and no known rule to make it", id="ninja"
        ),
        pytest.param(MSVC, "C:\\p\\src\\main.cpp(3): error C2065: 'foo': undeclared identifier", id="msvc"),
    ],
)
def test_the_first_error_of_a_log_is_told(log: str, first: str) -> None:
    told = cmake.first_error(dedent(log)).splitlines()
    assert told[0] == first
    assert len(told) <= 5


def test_an_error_comes_with_the_lines_that_explain_it() -> None:
    assert cmake.first_error(dedent(CMAKE_LOG)).splitlines()[1] == "  no LibTorch was found"


def test_a_log_without_an_error_gives_its_last_lines() -> None:
    assert cmake.first_error("\n".join(map(str, range(20)))).splitlines() == ["15", "16", "17", "18", "19"]
    assert cmake.first_error("") == ""
