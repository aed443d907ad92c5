"""What a TorchScript file calls, brought as the C++ program brings it: the libraries in ops/ beside the file."""

from __future__ import annotations

import contextlib
import zipfile
import zlib
from pathlib import Path

import torch

from ..messages import Problem
from .finding import mentions
from .foreign import foreign_operators
from .loading import REGISTRY, import_known, load_file
from .shipping import FOLDER

_SIGNATURE = "/extra/signature.tsgen"


def bring(path: Path) -> None:
    """Import the packages and load the libraries beside the file whose operators it calls, unless they are here.

    What cannot be loaded is left out: the file then names what it lacks.
    """
    import_known(path)
    for library in _beside(path):
        calls = [name for name in foreign_operators(path) if mentions(library, name)]
        if calls and not set(calls) & set(missing(path)):
            continue
        with contextlib.suppress(Problem):
            if calls:
                load_file(library)
            elif library.name not in {named.name for named in REGISTRY.named}:
                load_file(library)
                REGISTRY.silent.append(library)


def missing(path: Path) -> list[str]:
    """Operators and classes of other libraries that the file's program names and this process does not have."""
    return [name for name in foreign_operators(path) if not is_registered(name) and not _is_class(name)]


def is_registered(operator: str) -> bool:
    return bool(torch._C._jit_get_schemas_for_operator(operator))  # noqa: SLF001 - torch has no other way to ask


def _is_class(name: str) -> bool:
    namespace, _, own = name.partition("::")
    try:
        torch._C._get_custom_class_python_wrapper(namespace, own)  # noqa: SLF001
    except RuntimeError:
        return False
    return True


def _beside(path: Path) -> list[Path]:
    """Those that the file's signature names and that are there, in its order: never whatever lies in the folder."""
    names = [words[2] for words in map(_words, _signature(path)) if words[0] == "library" and len(words) > 2]  # noqa: PLR2004
    files = [path.resolve().parent / FOLDER / name for name in names if Path(name).name == name]
    return [file for file in files if file.is_file()]


def _words(line: str) -> list[str]:
    return line.split("\t")


def _signature(path: Path) -> list[str]:
    try:
        with zipfile.ZipFile(path) as archive:
            names = [name for name in archive.namelist() if name.endswith(_SIGNATURE)]
            return archive.read(names[0]).decode("utf-8", "replace").splitlines() if names else []
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError):
        return []  # a damaged file: loading it says so
