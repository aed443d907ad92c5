"""What came of a build, by CMake's own account of it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from tsgen.build import cmake
from tsgen.types import Build

if TYPE_CHECKING:
    from pathlib import Path

    from tsgen.types import BuildType, Project

SUFFIX = ".exe" if sys.platform == "win32" else ""
"""Of a program's file on this platform."""


def of(
    project: Project, folder: Path, build_type: BuildType, *, suffix: str = SUFFIX, emulator: tuple[str, ...] = ()
) -> Build:
    """The programs in a build folder that CMake has configured; they need not be there yet.

    `suffix` is that of the platform they are for, and `emulator` what stands before them to run them here.
    """
    told = cmake.account(folder)
    return Build(
        executable=cmake.program(folder, project.name, suffix),
        runner=folder / cmake.runner_name(project.name, suffix),
        compiler=" ".join(filter(None, told.compiler)),
        generator="Ninja",
        build_type=build_type,
        cmake=told.cmake,
        emulator=emulator,
    )
