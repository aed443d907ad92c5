"""Loading of operator libraries, and which operators each brought."""

from __future__ import annotations

import contextlib
import functools
import importlib
import mmap
from dataclasses import dataclass, field
from importlib.machinery import ExtensionFileLoader
from pathlib import Path
from typing import TYPE_CHECKING, Any, Callable

import torch

from ..messages import Problem
from ..users_code.failures import meaning
from ..users_code.origin import is_users
from .foreign import foreign_operators

if TYPE_CHECKING:
    from collections.abc import Iterator

PACKAGES = {
    "torchvision": "torchvision",
    "image": "torchvision",
    "torchaudio": "torchaudio",
    "torch_scatter": "torch_scatter",
    "torch_sparse": "torch_sparse",
    "torch_cluster": "torch_cluster",
    "torch_spline_conv": "torch_spline_conv",
}
"""Namespaces of operators, and the Python package that loads their library when it is imported."""


@dataclass
class Registry:
    """What is known of the libraries of this process."""

    operators: dict[str, Path] = field(default_factory=dict)
    """The library that registered each operator, seen as it was loaded."""
    named: list[Path] = field(default_factory=list)
    """The user's own --op-library."""
    silent: list[Path] = field(default_factory=list)
    """Those of them that brought no new operator: kernels for known ones, or classes."""
    linked: set[Path] = field(default_factory=set)
    """The program is linked with these: they need not be shipped."""
    watching: bool = False


REGISTRY = Registry()


def registered() -> set[str]:
    return {name.partition(".")[0] for name in torch._C._dispatch_get_all_op_names()}  # noqa: SLF001


def watch() -> None:
    """Know each library that Python code loads from now on, as such or as an extension module, by its operators."""
    if REGISTRY.watching:
        return
    REGISTRY.watching = True
    torch.ops.load_library = _watched(torch.ops.load_library)
    load_module = ExtensionFileLoader.create_module

    def create_module(loader: ExtensionFileLoader, spec: Any) -> Any:
        if not is_users(loader.path) and not _links_torch(loader.path):
            return load_module(loader, spec)
        with _noted(loader.path):
            return load_module(loader, spec)

    ExtensionFileLoader.create_module = create_module  # type: ignore[assignment, method-assign]


def _watched(original: Callable[[Any], None]) -> Callable[[Any], None]:
    @functools.wraps(original)
    def load_library(path: Any) -> None:
        with _noted(path):
            original(path)

    return load_library


@contextlib.contextmanager
def _noted(path: Any) -> Iterator[None]:
    before = registered()
    yield
    for name in registered() - before:
        REGISTRY.operators.setdefault(name, Path(path).resolve())


def _links_torch(path: str) -> bool:
    """Whether it may register operators: asking the dispatcher around each of SciPy's modules would take a second."""
    with open(path, "rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:  # noqa: PTH123
        return content.find(b"torch") >= 0


def load(named: tuple[str, ...], linked: tuple[str, ...] = ()) -> None:
    """Load the user's libraries; `linked` are those that the program is linked with. Raises Problem."""
    watch()
    for name in (*named, *linked):
        path = Path(name).resolve()
        known = len(REGISTRY.operators)
        load_file(path)
        if name in named:
            REGISTRY.named.append(path)
            REGISTRY.silent += [path] if len(REGISTRY.operators) == known else []
    REGISTRY.linked.update(Path(name).resolve() for name in linked)


def load_file(path: Path) -> None:
    if not path.is_file():
        raise Problem("bad_input", f"--op-library: there is no file {path}", "name the shared library itself")
    try:
        torch.ops.load_library(str(path))
    except (OSError, RuntimeError) as error:
        raise Problem(
            "unsupported",
            f"--op-library: torch {torch.__version__} cannot load {path.name}: {meaning(str(error))}",
            "build it against the torch of this Python, and once only register each operator",
        ) from error


def import_known(path: Path) -> None:
    """Import the packages whose operators a TorchScript file calls; without them it cannot be loaded."""
    try:
        spaces = {name.partition("::")[0] for name in foreign_operators(path)}
    except Problem:
        return  # a damaged file: loading it says so
    for package in sorted({PACKAGES[space] for space in spaces & set(PACKAGES)}):
        with contextlib.suppress(ImportError, RuntimeError, OSError):  # the file then names what it lacks
            importlib.import_module(package)
