"""macOS on Linux: compiled and linked by zig's C++ against the LibTorch's own libraries and the system's libc++."""

from __future__ import annotations

import importlib.util
import os
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

from tsgen.errors import BuildError
from tsgen.matrix.strategies import libcxx, linked, macho, toolchain_file, tools
from tsgen.matrix.strategies.strategy import Setup, libraries, require_platform
from tsgen.types.matrix import Refusal

if TYPE_CHECKING:
    from tsgen.matrix.strategies.strategy import Site
    from tsgen.types.matrix import Leg, State, StrategyName

NAME: StrategyName = "link"
STATE: State = "linked"
LIMIT = "a program for macOS cannot be run here: nothing emulates that system"

_MACHINES = {"macos-arm64": ("arm64", "aarch64"), "macos-x86_64": ("x86_64", "x86_64")}
"""In the words of Mach-O and in zig's."""
# zig turns off libc++'s knowledge of which macOS has which function; without it the compiler calls functions that the
# minimum macOS does not have, such as std::__hash_memory of LLVM 21.
_AVAILABILITY = (
    "-U_LIBCPP_HAS_VENDOR_AVAILABILITY_ANNOTATIONS",
    "-D_LIBCPP_HAS_VENDOR_AVAILABILITY_ANNOTATIONS=1",
)
# zig's own libc++ is static: two of them in one process do not know each other's streams and exceptions, and the first
# link compiles it for a minute. When compiling, -nostdlib++ would take the headers away too. And of a bundle, CMake's
# form of what is opened by name, zig would make a program; a dynamic library is opened as well.
_COMPILER = """\
for word do
  shift
  [ "$word" != -bundle ] || word=-dynamiclib
  set -- "$@" "$word"
done
case " $* " in
  *" -c "* | *" -E "*) exec {command} "$@" ;;
  *) exec {command} "$@" -nostdlib++ {stub} ;;
esac"""
_REASON = "Made by `tsgen matrix`: compiles for macOS with zig, links, and cannot run what it makes."


def lacks(leg: Leg) -> Refusal | None:  # noqa: ARG001 - one compiler makes them all
    if _zig():
        return None
    return Refusal("zig, which compiles for macOS here, is not in the Python of tsgen", "`pip install ziglang`")


def identity(leg: Leg) -> str:  # noqa: ARG001
    return f"zig {tools.version(_require_zig(), 'version')}"


def _zig() -> Path | None:
    """The zig of the wheel, in the Python that runs tsgen."""
    found = importlib.util.find_spec("ziglang")
    program = Path(found.origin).parent / "zig" if found and found.origin else None
    return program if program and program.is_file() else None


def _require_zig() -> Path:
    program = _zig()
    if not program:
        raise BuildError("zig is not in the Python of tsgen", hint="`pip install ziglang`")
    return program


def set_up(site: Site) -> Setup:
    require_platform(site)
    machine, zig_machine = _MACHINES[site.leg.platform]
    stub = site.folder / libcxx.FILE_NAME
    toolchain_file.put(stub, libcxx.stub(libcxx.symbols(linked.libraries(site.libtorch.root)), machine))
    oldest = linked.minimum_os(site.libtorch.root)
    _write_tools(site.folder, f"{zig_machine}-macos.{oldest}", oldest)
    file = toolchain_file.write(site.folder, _settings(site.folder, machine), _REASON)
    return Setup(variables={"CMAKE_TOOLCHAIN_FILE": str(file)}, environment=_environment(site.folder))


def _write_tools(folder: Path, target: str, oldest: str) -> None:
    """CMake wants one file for each of Apple's tools, and asks sw_vers whether this macOS knows of @rpath."""
    zig = shlex.quote(str(_require_zig()))
    compile_it = f"{zig} c++ -target {target} {' '.join(_AVAILABILITY)}"
    scripts = {
        "zig/c++": _COMPILER.format(command=compile_it, stub=shlex.quote(str(folder / libcxx.FILE_NAME))),
        "zig/ar": f'exec {zig} ar "$@"',
        "zig/ranlib": f'exec {zig} ranlib "$@"',
        "zig/install_name_tool": "echo 'what is only linked cannot be installed' >&2; exit 1",
        "bin/sw_vers": f"echo {oldest}",
    }
    for name, line in scripts.items():
        toolchain_file.put(folder / name, f"#!/bin/sh\n{line}\n", executable=True)


def _settings(folder: Path, machine: str) -> dict[str, str]:
    return {
        "CMAKE_SYSTEM_NAME": "Darwin",
        "CMAKE_SYSTEM_PROCESSOR": machine,
        "CMAKE_OSX_SYSROOT": "",
        "CMAKE_CXX_COMPILER": str(folder / "zig/c++"),
        "CMAKE_AR": str(folder / "zig/ar"),
        "CMAKE_RANLIB": str(folder / "zig/ranlib"),
        "CMAKE_INSTALL_NAME_TOOL": str(folder / "zig/install_name_tool"),
    }


def _environment(folder: Path) -> dict[str, str]:
    """The caches of zig would go to the home folder; beside the legs they serve all of them."""
    cache = str(folder.parent / ".zig")
    return {
        "PATH": os.pathsep.join([str(folder / "bin"), os.environ.get("PATH", os.defpath)]),
        "ZIG_GLOBAL_CACHE_DIR": cache,
        "ZIG_LOCAL_CACHE_DIR": cache,
    }


def check(site: Site, program: Path) -> tuple[str, ...]:
    """Raises BuildError for a program that macOS would not load, or would load with another libc++ than LibTorch's."""
    machine, root = _MACHINES[site.leg.platform][0], site.libtorch.root
    found = linked.check(macho.read(program), root, machine)
    for library in libraries(site):
        linked.check(macho.read(library), root, machine)
    return (*found, *(f"{each.name} likewise" for each in libraries(site)))
