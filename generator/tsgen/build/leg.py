"""Configure and compile a leg of the matrix in a folder of its own, beside the project's own build folders."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tsgen import console
from tsgen.build import cache_report, cmake, result
from tsgen.toolchain import compiler

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tsgen.toolchain import Toolchain
    from tsgen.types import Build, BuildType, LibTorch, Project

_STAMP = ".tsgen-tools"


@dataclass(frozen=True, kw_only=True)
class Order:
    """What CMake is told."""

    project: Project
    folder: Path
    build_type: BuildType
    libtorch: LibTorch
    toolchain: Toolchain
    variables: Mapping[str, str]
    """Cache variables besides those of the preset."""
    environment: Mapping[str, str]
    emulator: tuple[str, ...] = ()
    parallel: int = 1
    """Compilers at a time."""
    suffix: str
    """Of a program's file on the leg's platform: `.exe` or nothing."""
    tools: str
    """What compiles, with versions."""


def configure(order: Order) -> Build:
    """Raises BuildError. Objects of other tools, another LibTorch or another place are removed first."""
    console.progress("configure")
    _clear(order)
    cmake.ask_for_account(order.folder)
    words: list[str | Path] = [
        order.toolchain.cmake.path,
        "--preset",
        order.build_type,
        "-B",
        order.folder,
    ]
    cmake.run([*words, *_definitions(order)], order.project, order.folder, "configure", order.environment)
    return _made(order)


def compile_it(order: Order) -> Build:
    """What was configured. Raises BuildError, also when no program came out."""
    words: list[str | Path] = [
        order.toolchain.cmake.path,
        "--build",
        order.folder,
        "--parallel",
        str(order.parallel),
    ]
    with cache_report.counting(order.folder, order.variables, order.environment) as counting:
        cmake.run(words, order.project, order.folder, "compile", {**order.environment, **counting})
    made = _made(order)
    cmake.require_runner(made.runner, order.project)
    return made


def cores(jobs: int) -> int:
    """How many compilers each of `jobs` legs may run at a time."""
    return max(1, (os.cpu_count() or 1) // jobs)


def _clear(order: Order) -> None:
    """CMake notices neither that a compiler of the same name is another version, nor another LibTorch in the cache."""
    stamp, made_of = order.folder / _STAMP, f"{order.tools}\n{order.libtorch.root}\n{compiler.variables()}"
    same = stamp.is_file() and stamp.read_text(encoding="utf-8") == made_of
    if order.folder.exists() and (not same or cmake.moved(order.project, order.folder)):
        shutil.rmtree(order.folder)
    order.folder.mkdir(parents=True, exist_ok=True)
    stamp.write_text(made_of, encoding="utf-8")


def _definitions(order: Order) -> list[str]:
    variables = {
        "CMAKE_MAKE_PROGRAM": order.toolchain.ninja.path.as_posix(),
        "Torch_ROOT": order.libtorch.root.as_posix(),
        **order.variables,
    }
    return [f"-D{name}={value}" for name, value in variables.items()]


def _made(order: Order) -> Build:
    return result.of(order.project, order.folder, order.build_type, suffix=order.suffix, emulator=order.emulator)
