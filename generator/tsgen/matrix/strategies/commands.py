"""The commands that Ninja would run, as CMake generated them for Microsoft's linker."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING

from tsgen.errors import BuildError
from tsgen.system import process

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_STANDARD = re.compile(r"[-/]std:c\+\+(\w+)|-(?:clang:-)?std=(?:gnu|c)\+\+(\w+)")
_RUNTIME = re.compile(r"[-/](M[DT]d?)")
# CMake's words for the standards that had no final name when the compiler came.
_DRAFTS = {"latest": "23", "2a": "20", "1z": "17"}


@dataclass(frozen=True, kw_only=True)
class Compile:
    source: str
    """The file with its folder: `core/all.cpp`."""
    standard: int
    """0 when the line names none."""
    runtime: str
    """`MD`, `MDd`; the last one of the line holds."""


@dataclass(frozen=True, kw_only=True)
class Link:
    libraries: tuple[str, ...]
    """The import libraries, as they stand there."""
    copied: tuple[str, ...]
    """The paths of the DLLs that are copied beside the program afterwards."""


def read(ninja: Path, build: Path, program: str) -> tuple[list[Compile], Link]:
    """What makes `program`, a file in `build`. Raises BuildError when CMake generated no such thing."""
    finished = process.run([ninja, "-C", build, "-t", "commands", program], check=False)
    lines = finished.stdout.splitlines()
    link = next((line for line in lines if f"/out:{program.lower()}" in line.lower()), "")
    if finished.status or not link:
        said = "\n".join((finished.stdout + finished.stderr).splitlines()[-1:])
        raise BuildError(f"CMake generated no command that links {program}", hint="see the leg's log", details=said)
    return [one for line in lines if (one := compiled(line))], linked(link)


def compiled(line: str) -> Compile | None:
    words = shlex.split(line)
    if "-c" not in words and "/c" not in words:
        return None
    source = next((word for word in reversed(words) if word.endswith((".cpp", ".cc", ".cxx"))), "")
    runtimes = [match[1] for match in map(_RUNTIME.fullmatch, words) if match]
    standards = [match[1] or match[2] for match in map(_STANDARD.fullmatch, words) if match]
    standard = _DRAFTS.get(standards[-1], standards[-1]) if standards else "0"
    name = "/".join(PurePath(source).parts[-2:])
    return Compile(source=name, standard=int(standard), runtime=runtimes[-1] if runtimes else "")


def linked(line: str) -> Link:
    """A line holds the linker's command and, after `&&`, what is done when it ended well."""
    parts = [shlex.split(part) for part in line.split(" && ")]
    linker = next((words for words in parts if any(word.lower().startswith("/out:") for word in words)), [])
    return Link(
        libraries=tuple(word for word in linker if word.lower().endswith(".lib")),
        copied=tuple(word for words in parts if _copies(words) for word in words if word.lower().endswith(".dll")),
    )


def _copies(words: Sequence[str]) -> bool:
    return "copy_if_different" in words or "copy" in words
