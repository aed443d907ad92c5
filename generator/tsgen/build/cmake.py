"""CMake, run for one build folder: its output in a log, its first error in a message, its own account of the build."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tsgen import console
from tsgen.build import machine
from tsgen.errors import BuildError, ToolFailedError
from tsgen.system import codec, files, process

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tsgen.types import Project

LOG = "tsgen-build.log"
_QUERY = ".cmake/api/v1/query/toolchains-v1"
_NINJA_LINE = re.compile(r"\[(\d+/\d+)\] (.*)")
_ERROR = re.compile(
    r"^(?:.*\b(?:fatal )?error\b[: ].*|CMake Error.*|.*undefined reference to .*|.*\bld(?:\.\w+)?: cannot find .*)$",
    re.MULTILINE,
)
# Ninja's line about an object that could not be made: not about a library, which a full disk spoils without a word.
_REFUSED = re.compile(r"^FAILED: (?:\[code=-?\d+\] )?.*\.o(?:bj)?\b", re.MULTILINE)
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
        whole = f"the whole log is in {log}; `tsgen doctor --explain {shlex.quote(str(log))}` knows many messages"
        why, hint = machine.fault(error.output, project.root, folder) or (
            f"CMake ended with status {error.status}",
            whole,
        )
        details = first_error(error.output)
        raise BuildError(f"the project did not {verb}: {why}", details=details, hint=hint) from error
    files.write_if_changed(log, output)
    return output


def _show(line: str) -> None:
    console.output(line)
    if match := _NINJA_LINE.match(line):
        console.progress(f"{match[1]} {match[2].rpartition('/')[2]}")


def refused(error: BuildError) -> bool:
    """Whether `run` raised it for a source that the compiler refused, not for a missing target or configuration.

    Nor for a full disk, which the compiler reports as an error of the source: whatever else is written meets it too.
    """
    output = error.__cause__.output if isinstance(error.__cause__, ToolFailedError) else ""
    return bool(_REFUSED.search(output)) and machine.FULL_DISK not in output


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


def runner_name(project: str, suffix: str = "") -> str:
    """The file name of what tsgen_add_runner() builds; `suffix` is the platform's, `.exe` or nothing."""
    return f"{project}-runner{suffix}"


def program(folder: Path, project: str, suffix: str = "") -> Path | None:
    """The user's own program, if there is one."""
    path = folder / f"{project}{suffix}"
    return path if path.is_file() else None


def require_runner(runner: Path, project: Project) -> None:
    """Raises BuildError when the build ended well and made another project's runner, or none."""
    if not runner.is_file():
        raise BuildError(
            f"CMake built everything, but no {runner.name}",
            hint=f"CMakeLists.txt must keep its line tsgen_add_runner({project.name}), with the `name` of tsgen.toml",
        )


@dataclass(frozen=True, kw_only=True)
class Account:
    """What CMake itself says of a build; empty where it says nothing that could be read."""

    cmake: str = ""
    """Its version."""
    compiler: tuple[str, str] = ("the compiler", "")
    """Name and version of that for C++."""


def account(folder: Path) -> Account:
    """Its file API's (CMake 3.20): a build folder may be damaged as everything else, and is made anew by the next."""
    replies = folder / ".cmake/api/v1/reply"
    index = max(replies.glob("index-*.json"), default=None)
    try:
        document = codec.parsed(index.read_bytes()) if index else {}
        names = [Path(item["jsonFile"]).name for item in document["objects"] if item["kind"] == "toolchains"]
        toolchains = codec.parsed((replies / names[0]).read_bytes())["toolchains"] if names else []
        return Account(cmake=str(document["cmake"]["version"]["string"]), compiler=_compiler(toolchains))
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return Account()


def _compiler(toolchains: list[dict[str, Any]]) -> tuple[str, str]:
    found = next((each["compiler"] for each in toolchains if each["language"] == "CXX"), None)
    if not found:
        return Account.compiler
    return _NAMES.get(found["id"], str(found["id"])), ".".join(found["version"].split(".")[:2])
