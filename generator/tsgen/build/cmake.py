"""CMake, run for one build folder: its output in a log, its first error in a message, its own account of the build."""

from __future__ import annotations

import json
import re
import shlex
from typing import TYPE_CHECKING, Any

from tsgen import console, process
from tsgen.errors import BuildError, ToolFailedError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tsgen.types import Project

LOG = "tsgen-build.log"
_QUERY = ".cmake/api/v1/query/toolchains-v1"
_NINJA_LINE = re.compile(r"\[(\d+/\d+)\] (.*)")
_ERROR = re.compile(
    r"^(?:.*\b(?:fatal )?error\b[: ].*|CMake Error.*|.*undefined reference to .*|.*\bld(?:\.\w+)?: cannot find .*)$",
    re.MULTILINE,
)
_CONTEXT_LINES = 5
_NAMES = {"GNU": "g++", "Clang": "clang++", "AppleClang": "Apple clang++", "MSVC": "MSVC"}


def ask_for_account(folder: Path) -> None:
    """Let CMake leave its account in `folder` when it configures."""
    query = folder / _QUERY
    query.parent.mkdir(parents=True, exist_ok=True)
    query.touch()


def run(
    command: list[str | Path], project: Project, folder: Path, verb: str, environment: Mapping[str, str] | None = None
) -> str:
    """What it printed, which is also in the log of `folder`. Raises BuildError with the first error among it."""
    folder.mkdir(parents=True, exist_ok=True)
    log, env = folder / LOG, {"CLICOLOR_FORCE": "0", **(environment or {})}
    try:
        output = process.run(command, cwd=project.root, merge=True, on_line=_show, env=env).stdout
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
    console.output(line)
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


def moved(project: Project, folder: Path) -> bool:
    """Whether the build folder's cache is of a project that stood elsewhere.

    CMake with Ninja says so in a warning only, ends well, and leaves the other place's program.
    """
    cache = folder / "CMakeCache.txt"
    if not cache.is_file():
        return False
    text = cache.read_text(encoding="utf-8", errors="replace")
    home = re.search(r"^CMAKE_HOME_DIRECTORY:INTERNAL=(.*)$", text, re.MULTILINE)
    return not home or home[1] != project.root.as_posix()


def require_program(executable: Path, project: Project) -> None:
    """Raises BuildError when the build ended well and made another program, or none."""
    if not executable.is_file():
        raise BuildError(
            f"CMake built everything, but no {executable.name}",
            hint=f"`name` in tsgen.toml must be the project's in CMakeLists.txt; it is `{project.name}`",
        )


def account(folder: Path) -> dict[str, Any]:
    """CMake's own account of the build (file API, CMake 3.20): its version and the toolchains object."""
    replies = folder / ".cmake/api/v1/reply"
    index = max(replies.glob("index-*.json"), default=None)
    if not index:
        return {}
    document = json.loads(index.read_text(encoding="utf-8"))
    names = [item["jsonFile"] for item in document["objects"] if item["kind"] == "toolchains"]
    toolchains = json.loads((replies / names[0]).read_text(encoding="utf-8"))["toolchains"] if names else []
    return {"cmake": document["cmake"]["version"]["string"], "toolchains": toolchains}


def compiler(reply: dict[str, Any]) -> tuple[str, str]:
    """Name and version of the C++ compiler in CMake's account."""
    for toolchain in reply.get("toolchains", []):
        if toolchain["language"] == "CXX":
            found = toolchain["compiler"]
            return _NAMES.get(found["id"], found["id"]), ".".join(found["version"].split(".")[:2])
    return "the compiler", ""
