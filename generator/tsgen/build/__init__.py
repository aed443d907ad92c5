"""Configure and compile a project: Project + LibTorch -> Build."""

from __future__ import annotations

import re
import shutil
import sys
from typing import TYPE_CHECKING

from tsgen import console, presets
from tsgen.build import cmake
from tsgen.build.folders import check_folders
from tsgen.errors import BuildError
from tsgen.types import Build

if TYPE_CHECKING:
    from pathlib import Path

    from tsgen.toolchain import Toolchain
    from tsgen.types import BuildType, Project

__all__ = [
    "build_folder",
    "check_folders",
    "compile_operators",
    "compile_project",
    "executable",
    "existing",
    "operator_library",
    "require_same_torch",
]

_NOTHING = re.compile(r"^ninja: no work to do\.$", re.MULTILINE)


def build_folder(project: Project, build_type: BuildType) -> Path:
    return project.root / "build" / build_type


def executable(project: Project, build_type: BuildType) -> Path:
    suffix = ".exe" if sys.platform == "win32" else ""
    return build_folder(project, build_type) / f"{project.name}{suffix}"


def require_same_torch(libtorch: str, torch: str | None) -> None:
    """Raises BuildError when Python could not load what is built with this LibTorch."""
    if torch and torch.partition("+")[0] != libtorch.partition("+")[0]:
        raise BuildError(
            f"the operators in ops/ are built with LibTorch {libtorch}, and the Python that exports has torch {torch}: "
            "it cannot load them",
            hint=f"leave --torch-version out, or name a Python with torch {libtorch} (--python)",
        )


def compile_operators(project: Project, build_type: BuildType, toolchain: Toolchain) -> tuple[Path, bool]:
    """Compile the library of the project's own operators alone; also return whether anything had to be done."""
    output, configured = _build_target(project, build_type, toolchain, "--target", f"{project.name}-ops")
    return operator_library(project, build_type), configured or not _NOTHING.search(output)


def operator_library(project: Project, build_type: BuildType) -> Path:
    prefix, suffix = {"win32": ("", ".dll"), "darwin": ("lib", ".dylib")}.get(sys.platform, ("lib", ".so"))
    return build_folder(project, build_type) / f"{prefix}{project.name}-ops{suffix}"


def compile_project(project: Project, build_type: BuildType, toolchain: Toolchain) -> tuple[Build, bool]:
    """Configure if need be and compile; also return whether anything had to be done.

    Raises BuildError with the first error, and the name of the log that has the rest.
    """
    output, configured = _build_target(project, build_type, toolchain)
    made = _build(project, build_type, build_folder(project, build_type))
    cmake.require_program(made.executable, project)
    return made, configured or not _NOTHING.search(output)


def _build_target(project: Project, build_type: BuildType, toolchain: Toolchain, *words: str) -> tuple[str, bool]:
    """What was printed, and whether CMake had to configure first."""
    folder, preset = build_folder(project, build_type), presets.local_name(build_type)
    configured = _needs_configuring(project, folder)
    if configured:
        _configure(project, folder, preset, toolchain)
    return cmake.run(
        [toolchain.cmake.path, "--build", "--preset", preset, *words], project, folder, "compile"
    ), configured


def _build(project: Project, build_type: BuildType, folder: Path) -> Build:
    reply = cmake.account(folder)
    name, version = cmake.compiler(reply)
    return Build(
        executable=executable(project, build_type),
        compiler=f"{name} {version}".strip(),
        generator="Ninja",
        build_type=build_type,
        cmake=reply.get("cmake", ""),
    )


def existing(project: Project, build_type: BuildType) -> Build:
    """What an earlier run built. Raises BuildError when there is none."""
    program, folder = executable(project, build_type), build_folder(project, build_type)
    if not program.is_file():
        raise BuildError(f"{program} is not built yet", hint="run `tsgen build` first")
    return _build(project, build_type, folder)


def _needs_configuring(project: Project, folder: Path) -> bool:
    """Ninja itself configures again for a changed CMakeLists.txt, but it does not know the presets."""
    ninja = folder / "build.ninja"
    if not ninja.is_file() or not (folder / "CMakeCache.txt").is_file() or cmake.moved(project, folder):
        return True
    names = (presets.FILE_NAME, "CMakePresets.json")
    return any((project.root / name).stat().st_mtime > ninja.stat().st_mtime for name in names)


def _configure(project: Project, folder: Path, preset: str, toolchain: Toolchain) -> None:
    if cmake.moved(project, folder):
        shutil.rmtree(folder)
    cmake.ask_for_account(folder)
    console.progress("configure")
    cmake.run([toolchain.cmake.path, "--preset", preset], project, folder, "configure")
    # Unchanged output keeps its time stamp; ours says when CMake last agreed with the presets.
    (folder / "build.ninja").touch()
