"""Tensors as .npy files, by the names of the leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import numpy as np
import torch

from tests.zoo.arrays import leaves

if TYPE_CHECKING:
    from pathlib import Path

    from .tree import Named


def write(folder: Path, side: str, named: Named) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, tensor in named:
        with (folder / f"{side}.{quote(name, safe='')}.npy").open("wb") as file:
            _write(file, tensor.detach())


def _write(file: Any, tensor: Any) -> None:
    plain = tensor.resolve_conj().resolve_neg().contiguous()
    if plain.dtype != torch.bfloat16:
        np.lib.format.write_array(file, plain.numpy(), version=(1, 0), allow_pickle=False)
        return
    header = {"descr": "<V2", "fortran_order": False, "shape": tuple(plain.shape)}
    np.lib.format.write_array_header_1_0(file, header)
    file.write(plain.view(torch.int16).numpy().tobytes())


def read(folder: Path, side: str) -> dict[str, Any]:
    return {name: _read(path) for name, path in leaves(folder, side).items()}


def _read(path: Path) -> Any:
    array = np.load(path)
    if array.dtype.str[1:] != "V2":
        return torch.from_numpy(np.ascontiguousarray(array).reshape(array.shape))
    return torch.from_numpy(np.ascontiguousarray(array).view(np.int16)).view(torch.bfloat16).reshape(array.shape)
