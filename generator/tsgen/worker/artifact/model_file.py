"""Writing and reading model.pt."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import torch

from ..host import archives
from ..host.files import cannot_write
from ..users_code.frozen import recorded

if TYPE_CHECKING:
    from pathlib import Path

    from ..aliases import ScriptModule

NAME = "model.pt"
CODE = 2**20
"""Bytes that the program itself takes at most, usually; its tensors come on top."""


def save(module: ScriptModule, path: Path, extra: dict[str, str]) -> None:
    """Raises Problem(write_failed), or what torch raises when the module cannot be saved."""
    _reserve(path, _size(module))
    with recorded():
        torch.jit.save(module, str(path), _extra_files=extra)


def _size(module: ScriptModule) -> int:
    tensors = (*module.parameters(), *module.buffers())
    return CODE + sum(int(tensor.numel()) * int(tensor.element_size()) for tensor in tensors)


def _reserve(path: Path, size: int) -> None:
    """When the disk is full torch's writer ends the process (std::terminate): it is found out before that starts."""
    try:
        with path.open("wb") as file:
            if hasattr(os, "posix_fallocate"):
                os.posix_fallocate(file.fileno(), 0, size)
    except OSError as error:
        raise cannot_write(path, error) from error


def load(path: Path) -> ScriptModule:
    with recorded():
        return torch.jit.load(str(path), map_location="cpu")


def extra_files(path: Path) -> dict[str, str]:
    """What a TorchScript file carries beside its program, to be carried on. Raises Problem."""
    with archives.opened(path) as archive:
        found = {name.partition("/extra/")[2]: archive.read(name) for name in archive.namelist() if "/extra/" in name}
    return {name: content.decode("utf-8", "surrogateescape") for name, content in found.items() if name}
