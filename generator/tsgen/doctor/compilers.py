"""The C++ compilers, and the standard that each really compiles."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tsgen.doctor import limited, remedy
from tsgen.doctor.findings import Finding, State

# The order in which CMake looks; `toolchain` has the same.
NAMES = ("c++", "g++", "clang++", "cl")
LAUNCHERS = ("ccache", "sccache", "distcc")
"""What CXX may have before the compiler: `ccache g++`."""
SECONDS = 30.0
PROGRAMS = {
    20: "#include <concepts>\n#include <span>\n"
    "template <std::integral T> T same(T x) { return x; }\nint main() { return same(std::span<int>{}.empty()); }\n",
    17: "#include <optional>\n#include <string_view>\n"
    "int main() { if (std::optional<int> x{1}; x) { return *x; } return std::string_view{}.size(); }\n",
}


@dataclass(frozen=True, kw_only=True)
class Compiler:
    path: Path
    version: str
    standard: int | None
    """The newest of PROGRAMS that it compiles; None when it compiles none."""
    problem: str = ""
    """Its first error, when it compiles none."""

    def __str__(self) -> str:
        reaches = f"C++{self.standard}" if self.standard else f"compiles nothing: {self.problem}"
        return f"{self.path.name} {self.version} ({self.path}), {reaches}"


def examine(standard: int) -> list[Finding]:
    """One finding for each; `standard` is the one that the headers of torch need. The first is the one CMake takes."""
    named = os.environ.get("CXX", "").strip()
    paths = _paths(named)
    if not paths:
        return [_none(named, standard)]
    first, *others = [_compiler(path) for path in paths]
    topic = "compiler CXX" if named else "compiler"
    return [_judged(topic, first, standard, blocking=True)] + [
        _judged("another one", each, standard, blocking=False) for each in others
    ]


def first() -> Path | None:
    """The one that CMake takes."""
    return next(iter(_paths(os.environ.get("CXX", "").strip())), None)


def _paths(named: str) -> list[Path]:
    """Each program once: `c++` is most often a link to another name."""
    words = [word for word in named.split() if Path(word).stem not in LAUNCHERS][:1] if named else NAMES
    found = [Path(path) for path in map(shutil.which, words) if path]
    return list({path.resolve(): path for path in reversed(found)}.values())[::-1]


def _none(named: str, standard: int) -> Finding:
    came = f"CXX names `{named}`, which is not on this machine" if named else f"none of {', '.join(NAMES)}"
    advice = "correct or unset CXX" if named else remedy.install("compiler", "install g++ or clang++")
    return Finding(topic="compiler", state="missing", found=came, needed=_needed(standard), fix=advice, blocking=True)


def _needed(standard: int) -> str:
    return f"one that compiles C++{standard}, which the headers of this torch need"


def _judged(topic: str, compiler: Compiler, standard: int, *, blocking: bool) -> Finding:
    fits = (compiler.standard or 0) >= standard
    state: State = "ok" if fits else "old" if compiler.standard else "missing"
    advice = "" if fits else remedy.install("compiler", "install a newer g++ or clang++")
    return Finding(
        topic=topic,
        state=state,
        found=str(compiler),
        needed=_needed(standard),
        fix=f"{advice}, or name another one with CXX" if advice and blocking else advice,
        blocking=blocking and not fits,
    )


def _compiler(path: Path) -> Compiler:
    problem = ""
    for standard, program in PROGRAMS.items():
        problem = _error(path, standard, program)
        if not problem:
            return Compiler(path=path, version=_version(path), standard=standard)
    return Compiler(path=path, version=_version(path), standard=None, problem=problem)


def _error(path: Path, standard: int, program: str) -> str:
    """The first error of a program of that standard; empty when it compiles."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "program.cpp"
        source.write_text(program, encoding="utf-8")
        flags = (
            ["/nologo", "/EHsc", "/Zs", f"/std:c++{standard}"] if _is_cl(path) else ["-fsyntax-only", _std(standard)]
        )
        done = limited.run([path, *flags, source], seconds=SECONDS, merge=True)
    if done and not done.status:
        return ""
    lines = done.stdout.strip().splitlines() if done else []
    errors = [line for line in lines if "error" in line.lower()]
    first = next(iter(errors or lines), "it cannot be run")
    return re.sub(r"^.*?error\b:?\s*", "", first) or first


def _std(standard: int) -> str:
    # g++ 8 and 9 know 20 by its working name alone.
    return "-std=c++2a" if standard == 20 else f"-std=c++{standard}"  # noqa: PLR2004


def _is_cl(path: Path) -> bool:
    return path.stem.lower() == "cl"


def _version(path: Path) -> str:
    done = limited.run([path] if _is_cl(path) else [path, "--version"], seconds=SECONDS, merge=True)
    line = next(iter(done.stdout.strip().splitlines()), "") if done else ""
    # Debian's g++ has its package's version in brackets before its own; clang and cl say `version`.
    numbers = re.findall(r"version (\d[\d.]*)", line, re.IGNORECASE) or re.findall(r"(?<![\w.-])\d+(?:\.\d+)+", line)
    return numbers[-1] if numbers else "of unknown version"
