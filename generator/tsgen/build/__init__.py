"""Configure and compile a project: Project + LibTorch -> Build."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING

from tsgen import console, operators
from tsgen.build import cache_report, cmake, result, sources, stamp
from tsgen.build.folders import check_folders
from tsgen.errors import BuildError
from tsgen.project import user_presets

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tsgen.toolchain import Toolchain
    from tsgen.types import Build, BuildType, Project

__all__ = [
    "build_folder",
    "check_folders",
    "compile_library",
    "compile_operators",
    "compile_project",
    "existing",
    "is_configured",
    "operator_library",
    "require_same_torch",
    "runner",
]

_NOTHING = re.compile(r"^ninja: no work to do\.$", re.MULTILINE)


def build_folder(project: Project, build_type: BuildType) -> Path:
    return project.root / "build" / build_type


def runner(project: Project, build_type: BuildType) -> Path:
    return build_folder(project, build_type) / cmake.runner_name(project.name, result.SUFFIX)


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


def is_configured(project: Project, build_type: BuildType) -> bool:
    """Whether its build folder was configured, with what CMake would now take from the environment."""
    return stamp.read(build_folder(project, build_type)) == stamp.now()


def compile_library(
    project: Project, build_type: BuildType, toolchain: Toolchain, targets: Sequence[str], jobs: int
) -> bool:
    """Compile `targets` of the vendored library, at most `jobs` at a time; return whether anything had to be done."""
    words = ("--target", *targets, "--parallel", str(jobs))
    output, configured = _build_target(project, build_type, toolchain, *words)
    return configured or not _NOTHING.search(output)


def operator_library(project: Project, build_type: BuildType) -> Path:
    return build_folder(project, build_type) / operators.library_name(project.name)


def compile_project(project: Project, build_type: BuildType, toolchain: Toolchain) -> tuple[Build, bool]:
    """Configure if need be and compile; also return whether anything had to be done.

    Raises BuildError with the first error, and the name of the log that has the rest.
    """
    output, configured = _build_target(project, build_type, toolchain)
    made = result.of(project, build_folder(project, build_type), build_type)
    cmake.require_runner(made.runner, project)
    return made, configured or not _NOTHING.search(output)


def _build_target(project: Project, build_type: BuildType, toolchain: Toolchain, *words: str) -> tuple[str, bool]:
    """What was printed, and whether CMake had to configure first."""
    folder, preset = build_folder(project, build_type), user_presets.local_name(build_type)
    made_with = stamp.now()
    configured = _needs_configuring(project, folder) or stamp.read(folder) != made_with
    if configured:
        _configure(project, folder, preset, toolchain, made_with)
    sources.settle(project.root, folder)
    console.progress("compile")  # Ninja names a file only when it is done
    command: list[str | Path] = [toolchain.cmake.path, "--build", "--preset", preset, *words]
    with cache_report.counting(folder, *user_presets.read_launcher(project.root)) as environment:
        return cmake.run(command, project, folder, "compile", environment), configured


def existing(project: Project, build_type: BuildType) -> Build:
    """What an earlier run built. Raises BuildError when there is none."""
    made = runner(project, build_type)
    if not made.is_file():
        raise BuildError(f"{made} is not built yet", hint="run `tsgen build` first")
    return result.of(project, made.parent, build_type)


def _needs_configuring(project: Project, folder: Path) -> bool:
    """Ninja itself configures again for a changed CMakeLists.txt, but it does not know the presets."""
    ninja = folder / "build.ninja"
    if not ninja.is_file() or not (folder / "CMakeCache.txt").is_file() or cmake.moved(project, folder):
        return True
    names = (user_presets.FILE_NAME, "CMakePresets.json")
    return any((project.root / name).stat().st_mtime > ninja.stat().st_mtime for name in names)


def _forget(folder: Path) -> None:
    """What another or a failed configuration has written down, such as a compiler that does not work; objects stay."""
    (folder / "CMakeCache.txt").unlink(missing_ok=True)
    for known in (folder / "CMakeFiles").glob("[0-9]*"):
        shutil.rmtree(known, ignore_errors=True)


def _configure(project: Project, folder: Path, preset: str, toolchain: Toolchain, made_with: stamp.Stamp) -> None:
    before = stamp.read(folder)
    # Ninja compiles again for another command, and the same compiler's newer version has the same one.
    if cmake.moved(project, folder) or (before and before.compiler != made_with.compiler):
        shutil.rmtree(folder)
    elif before != made_with:
        _forget(folder)
    cmake.ask_for_account(folder)
    stamp.remove(folder)
    console.progress("configure")
    try:
        cmake.run([toolchain.cmake.path, "--preset", preset], project, folder, "configure")
    except BuildError:
        _forget(folder)
        raise
    # Unchanged output keeps its time stamp; ours says when CMake last agreed with the presets.
    (folder / "build.ninja").touch()
    stamp.write(folder, made_with)
