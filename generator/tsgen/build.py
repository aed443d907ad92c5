"""Configure and compile a project: Project + LibTorch -> Build."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import sys
from typing import TYPE_CHECKING, Any

from tsgen import console, presets, process
from tsgen.errors import BuildError, ConfigError, ToolFailedError
from tsgen.types import Build

if TYPE_CHECKING:
    from pathlib import Path

    from tsgen.toolchain import Toolchain
    from tsgen.types import BuildType, LibTorch, Project

LOG = "tsgen-build.log"
_QUERY = ".cmake/api/v1/query/toolchains-v1"
_NINJA_LINE = re.compile(r"\[(\d+/\d+)\] (.*)")
_NOTHING = re.compile(r"^ninja: no work to do\.$", re.MULTILINE)
_ERROR = re.compile(
    r"^(?:.*\b(?:fatal )?error\b[: ].*|CMake Error.*|.*undefined reference to .*|.*\bld(?:\.\w+)?: cannot find .*)$",
    re.MULTILINE,
)
_CONTEXT_LINES = 5
# Tried with CMake 3.18 to 4.4 and Ninja 1.11 and 1.13. In a LibTorch's folder `,` ends -Wl,-rpath and `:` a run path.
_MISREAD = re.compile(r"[;|\"\n]|\$[A-Za-z]*[{<]" + ("" if sys.platform == "win32" else r"|\\"))
_MISREAD_LIBTORCH = re.compile(r"[;|\n]|\$<" + ("" if sys.platform == "win32" else r"|[,:\\]|\s$"))
_NAMES = {"GNU": "g++", "Clang": "clang++", "AppleClang": "Apple clang++", "MSVC": "MSVC"}


def check_folders(project: Path, libtorch: LibTorch) -> None:
    """Raises ConfigError for a folder whose name CMake or the linker misreads; they would fail late, and in riddles."""
    for folder, misread in ((project, _MISREAD), (libtorch.root, _MISREAD_LIBTORCH)):
        if found := misread.search(str(folder)):
            raise ConfigError(
                f"{folder}: CMake cannot build there, it misreads `{found[0]}` in a folder's name",
                hint="rename the folder, or choose another (a symbolic link with a plain name will do for LibTorch)",
            )


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
    if not made.executable.is_file():
        raise BuildError(
            f"CMake built everything, but no {made.executable.name}",
            hint=f"`name` in tsgen.toml must be the project's in CMakeLists.txt; it is `{project.name}`",
        )
    return made, configured or not _NOTHING.search(output)


def _build_target(project: Project, build_type: BuildType, toolchain: Toolchain, *words: str) -> tuple[str, bool]:
    """What was printed, and whether CMake had to configure first."""
    folder, preset = build_folder(project, build_type), presets.local_name(build_type)
    configured = _needs_configuring(project, folder)
    if configured:
        _configure(project, folder, preset, toolchain)
    return _run([toolchain.cmake.path, "--build", "--preset", preset, *words], project, folder, "compile"), configured


def _build(project: Project, build_type: BuildType, folder: Path) -> Build:
    reply = _file_api(folder)
    name, version = _compiler(reply)
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
    if not ninja.is_file() or not (folder / "CMakeCache.txt").is_file() or _moved(project, folder):
        return True
    names = (presets.FILE_NAME, "CMakePresets.json")
    return any((project.root / name).stat().st_mtime > ninja.stat().st_mtime for name in names)


def _configure(project: Project, folder: Path, preset: str, toolchain: Toolchain) -> None:
    if _moved(project, folder):
        shutil.rmtree(folder)
    query = folder / _QUERY
    query.parent.mkdir(parents=True, exist_ok=True)
    query.touch()
    console.progress("configure")
    _run([toolchain.cmake.path, "--preset", preset], project, folder, "configure")
    # Unchanged output keeps its time stamp; ours says when CMake last agreed with the presets.
    (folder / "build.ninja").touch()


def _moved(project: Project, folder: Path) -> bool:
    """Whether the build folder's cache is of a project that stood elsewhere.

    CMake with Ninja says so in a warning only, ends well, and leaves the other place's program.
    """
    cache = folder / "CMakeCache.txt"
    if not cache.is_file():
        return False
    text = cache.read_text(encoding="utf-8", errors="replace")
    home = re.search(r"^CMAKE_HOME_DIRECTORY:INTERNAL=(.*)$", text, re.MULTILINE)
    return not home or home[1] != project.root.as_posix()


def _run(command: list[str | Path], project: Project, folder: Path, verb: str) -> str:
    folder.mkdir(parents=True, exist_ok=True)
    log = folder / LOG
    try:
        output = process.run(command, cwd=project.root, merge=True, on_line=_show, env={"CLICOLOR_FORCE": "0"}).stdout
    except ToolFailedError as error:
        log.write_text(error.output, encoding="utf-8")
        raise BuildError(
            f"the project did not {verb}: CMake ended with status {error.status}",
            details=first_error(error.output),
            hint=f"the whole log is in {log}; `tsgen doctor --explain {shlex.quote(str(log))}` knows many messages",
        ) from error
    log.write_text(output, encoding="utf-8")
    return output


def _show(line: str) -> None:
    if match := _NINJA_LINE.match(line):
        console.progress(f"{match[1]} {match[2].rpartition('/')[2]}")


def first_error(output: str) -> str:
    """The first error of a compiler, linker or CMake with the lines that follow it, or else the last lines."""
    lines = output.splitlines()
    errors = [number for number, line in enumerate(lines) if _ERROR.match(line)]
    if not errors:
        return "\n".join(lines[-_CONTEXT_LINES:])
    end = min([*errors[1:2], errors[0] + _CONTEXT_LINES])
    return "\n".join(lines[errors[0] : end]).rstrip()


def _file_api(folder: Path) -> dict[str, Any]:
    """CMake's own account of the build (file API, CMake 3.20): its version and the toolchains object."""
    replies = folder / ".cmake/api/v1/reply"
    index = max(replies.glob("index-*.json"), default=None)
    if not index:
        return {}
    document = json.loads(index.read_text(encoding="utf-8"))
    names = [item["jsonFile"] for item in document["objects"] if item["kind"] == "toolchains"]
    toolchains = json.loads((replies / names[0]).read_text(encoding="utf-8"))["toolchains"] if names else []
    return {"cmake": document["cmake"]["version"]["string"], "toolchains": toolchains}


def _compiler(reply: dict[str, Any]) -> tuple[str, str]:
    for toolchain in reply.get("toolchains", []):
        if toolchain["language"] == "CXX":
            compiler = toolchain["compiler"]
            return _NAMES.get(compiler["id"], compiler["id"]), ".".join(compiler["version"].split(".")[:2])
    return "the compiler", ""
