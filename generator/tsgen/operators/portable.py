"""Make the operator libraries beside a model load in a program that has LibTorch alone, without Python.

Libraries that are built for Python (torchvision's, those of torch.utils.cpp_extension) are linked with libtorch_python,
of which their operators need nothing, and with LibTorch's CUDA libraries, which a program opens only when it wants a
GPU. The dynamic loader binds functions when they are first called, so without these entries the library loads, and
finds the CUDA functions once LibTorch's CUDA library is open.
"""

from __future__ import annotations

import mmap
import os
import re
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from tsgen.errors import ExportError
from tsgen.system import stat_cache

if TYPE_CHECKING:
    import lief

FOLDER = "ops"

# libtorch.so is a list of the others. Without a hash or version in the name: these lie in LibTorch's own lib/.
_LATE = re.compile(
    r"lib(?:python3(?:\.\d+)?\w*|shm|torch|torch_(?:python|global_deps|cuda\w*|hip|xpu)|c10_(?:cuda|hip|xpu))\.so(?:\.[\d.]+)?"
)
_CUDART = re.compile(r"libcudart\b.*\.so")
# What nvcc's code calls when a library is loaded. A function without effect takes their place where there is no CUDA.
_REGISTRATION = re.compile(r"__cuda(?:Register\w+|UnregisterFatBinary|InitModule)")
_HARMLESS = "getpid"


def make_portable(folder: Path, libtorch: Path) -> None:
    """Change the libraries in `folder`/ops, for the LibTorch in `libtorch`; none there, nothing to do.

    Raises ExportError for a library that cannot be read. Those of Windows and macOS stay as they are.
    """
    libraries = sorted((folder / FOLDER).glob("*"))
    if libraries:
        host = _Host(libtorch)
        for library in libraries:
            _change(library, host)


def misfit(folder: Path, libtorch: Path) -> str:
    """Why the libraries in `folder`/ops must be made again for this LibTorch, or nothing."""
    libraries = sorted((folder / FOLDER).glob("*"))
    if not libraries:
        return ""
    core, host = libtorch / "lib/libtorch_cpu.so", _Host(libtorch)
    wrong = [it.name for it in libraries if not stat_cache.remembered("fits", [it, core], partial(_fits, it, host))]
    return f"{wrong[0]} was made for a LibTorch with another CUDA" if wrong else ""


class _Host:
    """The LibTorch that a library is to be loaded beside."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def has_runtime(self, name: str) -> bool:
        """Whether its libtorch_cpu itself needs the CUDA runtime of this name: then that is loaded.

        Found as text: to parse half a gigabyte takes seconds, and every `tsgen build` asks.
        """
        library = self.root / "lib/libtorch_cpu.so"
        if not library.is_file() or not library.stat().st_size:
            return False
        with library.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
            return content.find(b"\0" + name.encode()) >= 0

    @cached_property
    def exports(self) -> set[str]:
        parts = [_parse(self.root / "lib" / name, names_only=True) for name in ("libc10.so", "libtorch_cpu.so")]
        return {str(symbol.name) for part in parts if part for symbol in part.dynamic_symbols if symbol.shndx}


def _change(library: Path, host: _Host) -> None:
    parsed = _parse(library)
    if not parsed:
        return
    needed = list(map(str, parsed.libraries))
    late = [name for name in needed if _LATE.fullmatch(name)]
    strange = [name for name in needed if _CUDART.match(name) and not host.has_runtime(name)]
    for name in late + strange:
        parsed.remove_library(name)
    if strange:
        _without_cuda(parsed, strange)
    if late or strange:
        _tolerate_missing(parsed, host.exports)
    if _shorten_run_path(parsed) or late or strange:
        _write(parsed, library)


def _fits(library: Path, host: _Host) -> bool:
    parsed = _parse(library)
    if not parsed:
        return True
    runtimes = [name for name in map(str, parsed.libraries) if _CUDART.match(name)]
    stripped = any(str(symbol.name) == _HARMLESS for symbol in parsed.dynamic_symbols)
    return all(map(host.has_runtime, runtimes)) and not (stripped and host.has_runtime("libcudart.so."))


def _without_cuda(parsed: lief.ELF.Binary, runtimes: list[str]) -> None:
    """Its GPU code is not registered, since this LibTorch could not run it."""
    for symbol in parsed.dynamic_symbols:
        if _REGISTRATION.fullmatch(str(symbol.name)) and not symbol.shndx:
            symbol.name = _HARMLESS
    for name in runtimes:
        parsed.remove_version_requirement(name)


def _tolerate_missing(parsed: lief.ELF.Binary, exports: set[str]) -> None:
    """Weak, what no kept library gives may be missing when the library is loaded: the data and functions of CPython.

    What is of glibc and its like has a version, and stays as it is.
    """
    from tsgen.system.object_files import lief  # noqa: PLC0415

    for symbol in parsed.dynamic_symbols:
        # not symbol.imported: lief says so of no symbol without a type
        versioned = symbol.symbol_version and symbol.symbol_version.has_auxiliary_version
        if not symbol.shndx and not versioned and str(symbol.name) not in exports:
            symbol.binding = lief.ELF.Symbol.BINDING.WEAK


def _shorten_run_path(parsed: lief.ELF.Binary) -> bool:
    """Take out folders that are not here, and those of a LibTorch: the program finds its own."""
    from tsgen.system.object_files import lief  # noqa: PLC0415

    tags = lief.ELF.DynamicEntry.TAG
    changed = False
    for entry in [entry for entry in parsed.dynamic_entries if entry.tag in (tags.RPATH, tags.RUNPATH)]:
        paths = list(map(str, entry.paths))  # type: ignore[attr-defined]
        kept = [path for path in paths if _is_of_use(path)]
        changed = changed or kept != paths
        if not kept:
            parsed.remove(entry)
        elif kept != paths:
            entry.paths = kept  # type: ignore[attr-defined]
    return changed


def _is_of_use(path: str) -> bool:
    folder = Path(path)
    return not folder.is_absolute() or (folder.is_dir() and not (folder / "libc10.so").exists())


def _parse(library: Path, *, names_only: bool = False) -> lief.ELF.Binary | None:
    """None for what is no ELF file. With `names_only` it takes a second for libtorch_cpu.so rather than minutes."""
    from tsgen.system.object_files import lief  # noqa: PLC0415

    lief.logging.disable()
    if not library.is_file() or not lief.is_elf(str(library)):
        return None
    config = lief.ELF.ParserConfig()
    if names_only:
        config.parse_relocations = config.parse_symtab_symbols = config.parse_notes = config.parse_overlay = False
    parsed = lief.ELF.parse(str(library), config)
    if not parsed or not parsed.segments:
        raise ExportError(f"{library.name} is broken: its headers cannot be read", hint="build or install it again")
    return parsed


def _write(parsed: lief.ELF.Binary, library: Path) -> None:
    beside = library.with_name(f".{library.name}.new")
    parsed.write(str(beside))
    os.replace(beside, library)  # noqa: PTH105
