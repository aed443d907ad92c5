"""Whether the C++ compiler makes a program at all: CMake finds out when it configures, which may be minutes later."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from tsgen.errors import ToolFailedError, ToolMissingError
from tsgen.system import process
from tsgen.toolchain import compiler

# A header of the standard library's own, and a symbol of it: each comes in a package that may be missing.
_SOURCE = "#include <cstddef>\n#include <new>\nint main() { delete new std::size_t(0); }\n"
_FLAGS = ("CXXFLAGS", "LDFLAGS")
_SHOWN_LINES = 4


def require_working(root: Path) -> None:
    """Compile and link three lines with the compiler and the flags that CMake takes for the project at `root`.

    Not where a file of CMake's names another compiler, nor MSVC. Raises ToolMissingError with what the compiler said.
    """
    words = compiler.command()
    if words and sys.platform != "win32" and not _named_elsewhere(root) and (said := _tried(words, _FLAGS)):
        raise _refusal(words, said)


def _named_elsewhere(root: Path) -> bool:
    presets = root / "CMakePresets.json"
    text = presets.read_text(encoding="utf-8", errors="replace") if presets.is_file() else ""
    return bool(os.environ.get("CMAKE_TOOLCHAIN_FILE")) or any(
        word in text for word in ('"CMAKE_CXX_COMPILER"', '"CMAKE_TOOLCHAIN_FILE"', '"toolchainFile"')
    )


def _tried(words: list[str], flags: tuple[str, ...]) -> list[str]:
    """What the compiler said of a program that it did not make; nothing when it made it."""
    with tempfile.TemporaryDirectory(prefix="tsgen-") as folder:
        source, program = Path(folder, "three lines.cpp"), Path(folder, "program")
        source.write_text(_SOURCE, encoding="utf-8")
        given = [word for name in flags for word in compiler.split(os.environ.get(name, ""))]
        try:
            process.run([*words, *given, source, "-o", program], merge=True, env={"LC_ALL": "C"})
        except ToolFailedError as error:
            return error.output.strip().splitlines() or [f"it ended with status {error.status}, without a word"]
        return [] if program.is_file() else ["it ended well, and there is no program"]


def _refusal(words: list[str], said: list[str]) -> ToolMissingError:
    named, command, details = _set_flags(), " ".join(words), "\n".join(said[:_SHOWN_LINES])
    if named and not _tried(words, ()):
        flags = " and ".join(f"{name} `{os.environ[name].strip()}`" for name in named)
        return ToolMissingError(
            f"{command} makes a program, but not with {flags}",
            hint=f"correct or unset {' and '.join(named)}",
            details=details,
        )
    again = "install it again with its standard library (`apt-get install g++`, `xcode-select --install`), or set CXX"
    return ToolMissingError(
        f"the C++ compiler {command} does not make a program of three lines",
        hint="correct or unset CXX" if os.environ.get("CXX", "").strip() else again,
        details=details,
    )


def _set_flags() -> list[str]:
    return [name for name in _FLAGS if os.environ.get(name, "").strip()]
