"""A stub of Apple's libc++, made of what a LibTorch takes from it: these symbols are there since its minimum macOS."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tsgen.matrix.strategies import macho
from tsgen.matrix.strategies.libcxx_symbols import FILESYSTEM, FIRST_ABI, MEMORY

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

FILE_NAME = "libc++.tbd"


def symbols(libraries: Iterable[Path]) -> frozenset[str]:
    """What `libraries` bind to it, and what is known to be older: the linker then refuses what that macOS lacks."""
    taken = (macho.read(library).binds.get(macho.LIBCXX, frozenset()) for library in libraries)
    return frozenset((*MEMORY, *FILESYSTEM, *FIRST_ABI)).union(*taken)


def stub(names: Iterable[str], machine: str) -> str:
    """Version 4 of the text-based stub format, as Apple's and LLVM's linkers read it."""
    target = f"{machine}-macos"
    listed = ",\n".join(f"      '{name}'" for name in sorted(names))
    return f"""\
--- !tapi-tbd
tbd-version: 4
targets: [ {target} ]
install-name: '{macho.LIBCXX}'
current-version: 1
compatibility-version: 1
exports:
  - targets: [ {target} ]
    symbols: [
{listed} ]
...
"""
