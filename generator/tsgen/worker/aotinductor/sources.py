"""The C++ that Inductor makes of a program, with nothing in it that belongs to this machine, and the weights' bytes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from . import inductor, weights

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from .program import Program

OPTIONS: dict[str, Any] = {
    **inductor.OPTIONS,
    "aot_inductor.package_cpp_only": True,
    # For no instruction set: what a compiler makes of it runs wherever the compiler's target does.
    "cpp.simdlen": 1,
}
_OBJECT = ".weights.o"
_COMMENT = re.compile(r"^[ \t]*//.*\n", re.MULTILINE)
_TELLS = re.compile(r"^[ \t]*std::cerr << .*\\\n", re.MULTILINE)


@dataclass(frozen=True)
class Sources:
    code: str
    weights: bytes


def made(program: Program, label: str, place: Path) -> Sources:
    """`place`: where Inductor works. Raises Problem."""
    with inductor.told(label):
        files = inductor.package(program, place, OPTIONS)
        code = inductor.of_kind(files, ".cpp").decode("utf-8")
        return Sources(portable(code), weights_in(files))


def weights_in(files: Mapping[str, bytes]) -> bytes:
    """Of a model without any it is empty."""
    held = any(name.endswith(_OBJECT) for name in files)
    return weights.of_object(inductor.of_kind(files, _OBJECT)) if held else b""


def portable(code: str) -> str:
    """Without comments, which hold this machine's paths and command lines, and without what it prints by itself.

    Its errors reach the caller by AOTInductorGetLastError.
    """
    return _TELLS.sub("", _COMMENT.sub("", code))
