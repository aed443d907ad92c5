"""Which files of a wheel make up a LibTorch, and which of those a program for the CPU can do without."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

# torch.libs and .dylibs: where the tools that make wheels self-contained put the libraries of others.
_PLACES = re.compile(r"torch/(?:lib|include|share|\.dylibs)/.|torch\.libs/.|torch/version\.py$|torch/bin/[^/]+\.dll$")
_PYTHON = re.compile(r"\.(?:py|pyi|pyc)$")
# For Python alone, or for PyTorch's own tests.
_LIBRARIES = re.compile(
    r"torch/lib/(?:lib)?(?:torch_python|torch_global_deps|shm|shm_windows|aoti_custom_ops|backend_with_compiler"
    r"|jitbackend_test|torchbind_test)(?:[./]|$)|torch/lib/mimalloc"
)
_STATIC = re.compile(r"(torch/lib/.+)\.lib$")
_CUDA = re.compile(r"torch/lib/(?:lib)?(?:torch_cuda|c10_cuda|caffe2_nvrtc|torch_nvshmem|nvfuser)")
_NVIDIA = re.compile(r"(?:nvidia/[^/]+|cusparselt)/(?:lib|bin|include)/.")


def of_torch(names: Iterable[str], *, cpu_only: bool) -> Callable[[str], bool]:
    """The test for what to unpack of `names`, all that the wheel holds; with `cpu_only` without what is for CUDA."""
    everything = frozenset(names)

    def wanted(name: str) -> bool:
        if not _PLACES.match(name) or _LIBRARIES.match(name) or (_PYTHON.search(name) and name != "torch/version.py"):
            return False
        # Windows: an import library has its DLL beside it; the others are what PyTorch's build left (a GB in some).
        static = _STATIC.match(name)
        useless = static and f"{static[1]}.dll" not in everything
        # Up to 2.1 some DLLs are in both folders.
        twice = name.startswith("torch/bin/") and name.replace("/bin/", "/lib/") in everything
        return not useless and not twice and not (cpu_only and _CUDA.match(name))

    return wanted


def of_nvidia(libraries: Iterable[str] | None = None) -> Callable[[str], bool]:
    """The libraries and headers of an NVIDIA wheel, or only the named `libraries`."""
    only = None if libraries is None else set(libraries)
    return lambda name: bool(
        _NVIDIA.match(name) and not _PYTHON.search(name) and (only is None or posixpath.basename(name) in only)
    )


def drop_incomplete(tree: Path, names: Iterable[str]) -> dict[str, str]:
    """Remove the ELF libraries that need one which was in the wheel, by `names`, and was not taken.

    The removed with what each needs: libtorch.so, a list of the others and nothing else, needs libtorch_cuda.so.
    """
    inside = {posixpath.basename(name) for name in names}
    dropped: dict[str, str] = {}
    needs = {path: needed(path) for path in _elf_files(tree)}
    while True:
        here = {path.name for path in needs}
        lost = {path: each for path, libraries in needs.items() for each in libraries if each in inside - here}
        if not lost:
            return dropped
        for path, missing in lost.items():
            path.unlink()
            del needs[path]
            dropped[path.name] = missing


def outside(tree: Path) -> set[str]:
    """What the ELF libraries in `tree` need and is not there: of the system, or of other wheels."""
    paths = list(_elf_files(tree))
    return {each for path in paths for each in needed(path)} - {path.name for path in paths}


def needed(library: Path) -> list[str]:
    """The libraries that the dynamic loader looks for first; empty for what is no ELF file."""
    from tsgen.system.object_files import lief  # noqa: PLC0415

    lief.logging.disable()
    config = lief.ELF.ParserConfig()
    config.parse_relocations = config.parse_dyn_symbols = config.parse_symtab_symbols = False
    config.parse_symbol_versions = config.parse_notes = config.parse_overlay = False
    parsed = lief.ELF.parse(str(library), config) if lief.is_elf(str(library)) else None
    return [str(name) for name in parsed.libraries] if parsed else []


def _elf_files(tree: Path) -> Iterator[Path]:
    """In the order of their names; headers may be called anything."""
    for folder in sorted(tree.iterdir()):
        for place in (folder, folder / "lib", *folder.glob("*/lib")):
            yield from (path for path in sorted(place.glob("*.so*")) if path.is_file())
