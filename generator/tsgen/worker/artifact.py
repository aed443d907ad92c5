"""Writing and reading model.pt."""

from __future__ import annotations

import os
import zipfile
from typing import TYPE_CHECKING, Any

import torch

from .candidates.exported import recorded
from .protocol import Problem

if TYPE_CHECKING:
    from pathlib import Path

NAME = "model.pt"
CODE = 2**20
"""Bytes that the program itself takes at most, usually; its tensors come on top."""


def save(module: Any, path: Path, extra: dict[str, str]) -> None:
    """Raises Problem(write_failed), or what torch raises when the module cannot be saved."""
    _reserve(path, _size(module))
    with recorded():
        torch.jit.save(module, str(path), _extra_files=extra)


def _size(module: Any) -> int:
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


def cannot_write(path: Path, error: OSError) -> Problem:
    return Problem(
        "write_failed",
        f"{path} cannot be written: {error.strerror or error}",
        "check that the folder is writable and the disk is not full",
    )


def load(path: Path) -> Any:
    with recorded():
        return torch.jit.load(str(path), map_location="cpu")


def extra_files(path: Path) -> dict[str, str]:
    """What a TorchScript file carries beside its program, to be carried on."""
    with zipfile.ZipFile(path) as archive:
        found = {name.partition("/extra/")[2]: archive.read(name) for name in archive.namelist() if "/extra/" in name}
    return {name: content.decode("utf-8", "surrogateescape") for name, content in found.items() if name}
