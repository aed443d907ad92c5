"""The libraries that a saved file needs besides LibTorch."""

from __future__ import annotations

import mmap
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import torch

from ..messages import Problem
from .foreign import foreign_operators
from .loading import REGISTRY, registered

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_SUFFIXES = (".so", ".pyd", ".dll", ".dylib")
_REGISTERS = (b"torch7Library", b"torch@@", b"aoti_torch_library_init")
"""What a library with operators refers to: torch::Library in the two manglings, or its stable C interface."""
_NAME = re.compile(r"[A-Za-z_]\w*::[A-Za-z_]\w*", re.ASCII)
"""The names that a program can ask LibTorch about."""
_UNSAFE = re.compile(r"[^\w.+-]", re.ASCII)


@dataclass(frozen=True)
class Library:
    """`file` is its name in the folder `ops` beside the model."""

    namespace: str
    file: str
    source: Path
    calls: tuple[str, ...] = ()
    """Those of its operators that the model calls."""
    registers: tuple[str, ...] = ()
    """Its other operators, as far as it was seen to register them."""


@dataclass(frozen=True)
class Found:
    libraries: tuple[Library, ...]
    unknown: tuple[str, ...]
    """Operators that no library registers which could be shipped."""


def found_in(path: Path) -> Found:
    """The libraries for the operators of the TorchScript file at `path`."""
    sources: dict[tuple[str, Path], list[str]] = {}
    unknown = []
    for operator in foreign_operators(path):
        source = _source_of(operator)
        if source is None:
            unknown.append(operator)
        elif source not in REGISTRY.linked:
            sources.setdefault((operator.partition("::")[0], source), []).append(operator)
    for source in REGISTRY.silent:
        sources.setdefault((_UNSAFE.sub("_", source.stem), source), [])
    return Found(tuple(_named(sources)), tuple(unknown))


def _source_of(operator: str) -> Path | None:
    """Seen when it was loaded, or else the loaded library that holds the names."""
    if operator in REGISTRY.operators:
        return REGISTRY.operators[operator]
    return next((path for path in _loaded() if mentions(path, operator)), None)


def _loaded() -> Iterator[Path]:
    """The libraries of torch.ops.load_library, and extensions, which register operators when they are imported."""
    modules = (getattr(module, "__file__", None) for module in list(sys.modules.values()))
    names = [name for name in modules if isinstance(name, str) and name.endswith(_SUFFIXES)]
    for name in dict.fromkeys([*REGISTRY.named, *map(Path, sorted(torch.ops.loaded_libraries)), *map(Path, names)]):
        if name.is_file() and "torch" not in name.parent.parts[-2:]:
            yield name.resolve()


def mentions(path: Path, operator: str) -> bool:
    space, _, name = operator.partition("::")
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        registers = any(content.find(mark) >= 0 for mark in _REGISTERS)
        # a string of its own: "vision" is no namespace of a library that says "torchvision"
        return registers and content.find(f"\0{space}\0".encode()) >= 0 and content.find(name.encode()) >= 0


def _named(sources: Mapping[tuple[str, Path], list[str]]) -> Iterator[Library]:
    """One file name for each library; two of one name get numbers."""
    names: dict[Path, str] = {}
    for (namespace, source), calls in sources.items():
        if source not in names:
            plain = _UNSAFE.sub("_", source.name)
            taken = [name.casefold() for name in names.values()]
            tries = (plain, *(f"{number}-{plain}" for number in range(2, len(taken) + 3)))
            names[source] = next(name for name in tries if name.casefold() not in taken)
        registers = {name for name, path in REGISTRY.operators.items() if path == source and _NAME.fullmatch(name)}
        yield Library(namespace, names[source], source, tuple(calls), tuple(sorted(registers - set(calls))))


def unknown(label: str, operators: Iterable[str]) -> Problem:
    """Why a model whose operators are in no library cannot be exported."""
    names = sorted(operators)
    python = [name for name in names if name in registered()]
    where = "only Python code registers" if python else "no library that was loaded registers"
    name = names[0].rpartition("::")[2]
    return Problem(
        "unsupported",
        f"{label} calls {', '.join(names)}, which LibTorch does not have and {where}",
        "name the shared library that registers it with --op-library FILE, or write it in C++ in the project: "
        f"`tsgen add op {name}`",
    )
