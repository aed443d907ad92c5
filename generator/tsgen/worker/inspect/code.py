"""The TorchScript source of each method, module by module."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..messages.inspection import SourceSeen
from .tensors import class_of

if TYPE_CHECKING:
    from ..aliases import ScriptModule
    from .archive import Archive


def of_module(module: ScriptModule) -> tuple[SourceSeen, ...]:
    """The source of each method, in the order of the submodules; one without methods of its own is left out."""
    return tuple(
        SourceSeen(path, class_of(each), name, each._c._get_method(name).code.rstrip("\n"))  # noqa: SLF001
        for path, each in module.named_modules(remove_duplicate=False)
        for name in each._c._method_names()  # noqa: SLF001
    )


def of_archive(archive: Archive) -> tuple[SourceSeen, ...]:
    """The files of a program that cannot be loaded, as they lie in the archive."""
    return tuple(SourceSeen("", "", name, text.rstrip("\n")) for name, text in archive.code.items())
