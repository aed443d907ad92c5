"""The TorchScript source of each method, module by module."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .tensors import class_of

if TYPE_CHECKING:
    from .archive import Archive


def of_module(module: Any) -> list[dict[str, str]]:
    """In the order of the submodules; one without methods of its own is left out."""
    return [
        {"module": path, "class": class_of(each), "method": name, "text": each._c._get_method(name).code.rstrip("\n")}  # noqa: SLF001
        for path, each in module.named_modules(remove_duplicate=False)
        for name in each._c._method_names()  # noqa: SLF001
    ]


def of_archive(archive: Archive) -> list[dict[str, str]]:
    """The files of a program that cannot be loaded, as they lie in the archive."""
    return [
        {"module": "", "class": "", "method": name, "text": text.rstrip("\n")} for name, text in archive.code.items()
    ]
