"""Which DLLs a Windows program needs beside it, read from the DLLs themselves."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from tsgen.errors import BuildError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

# What Torch::Torch names; each of them names the others that it needs.
LINKED = ("torch_cpu.dll", "c10.dll")
_PYTHON = re.compile(r"python\d*\.dll", re.IGNORECASE)


@lru_cache(maxsize=64)
def needs(library: Path) -> tuple[str, ...]:
    """The DLLs that Windows loads before `library`, in lower case. Raises BuildError for what is no DLL."""
    from tsgen.system.object_files import lief  # noqa: PLC0415

    lief.logging.disable()
    config = lief.PE.ParserConfig()
    config.parse_signature = config.parse_exports = config.parse_rsrc = config.parse_reloc = False
    parsed = lief.PE.parse(str(library), config) if lief.is_pe(str(library)) else None
    if not parsed:
        raise BuildError(f"{library} is not a DLL", hint="`tsgen libtorch verify`")
    return tuple(str(entry.name).lower() for entry in parsed.imports)


def closure(folder: Path, names: Iterable[str] = LINKED) -> frozenset[str]:
    """`names` with all that they need and `folder` has; the rest is of Windows or of Microsoft's runtime."""
    there = {path.name.lower(): path for path in folder.glob("*.dll")}
    found, asked = set[str](), [name.lower() for name in names]
    while asked:
        name = asked.pop()
        if name in there and name not in found:
            found.add(name)
            asked += needs(there[name])
    return frozenset(found)


def for_python(libraries: Iterable[Path]) -> list[str]:
    """Those that a program without Python cannot load."""
    return [path.name for path in libraries if any(map(_PYTHON.fullmatch, needs(path)))]
