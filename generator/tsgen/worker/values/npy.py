"""Tensors as .npy files, without numpy. Format: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html."""

from __future__ import annotations

import ctypes
import struct
import sys
from typing import TYPE_CHECKING

from ..messages import Problem

if TYPE_CHECKING:
    from pathlib import Path

    from ..aliases import TorchTensor

# bfloat16 has no numpy name: two raw bytes, as numpy writes ml_dtypes' type.
DESCRIPTIONS = {
    "uint8": "|u1",
    "int8": "|i1",
    "int16": "<i2",
    "int32": "<i4",
    "int64": "<i8",
    "float16": "<f2",
    "bfloat16": "<V2",
    "float32": "<f4",
    "float64": "<f8",
    "bool": "|b1",
    "complex64": "<c8",
    "complex128": "<c16",
    "uint16": "<u2",
    "uint32": "<u4",
    "uint64": "<u8",
}
_ALIGNMENT = 64


def header(dtype: str, shape: tuple[int, ...]) -> bytes:
    """Version 1.0; padded so that the data starts at a multiple of 64."""
    sizes = f"({shape[0]},)" if len(shape) == 1 else f"({', '.join(map(str, shape))})"
    text = f"{{'descr': '{DESCRIPTIONS[dtype]}', 'fortran_order': False, 'shape': {sizes}, }}"
    prefix = len(b"\x93NUMPY\x01\x00") + struct.calcsize("<H")
    padding = -(prefix + len(text) + 1) % _ALIGNMENT
    body = (text + " " * padding + "\n").encode("latin1")
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(body)) + body


def raw_bytes(tensor: TorchTensor) -> bytes:
    """The values in C order. tensor.numpy() and tensor.numpy().tobytes() would need numpy."""
    if sys.byteorder != "little":
        raise Problem("unsupported", "cases are written on little-endian machines only")
    plain = tensor.detach().resolve_conj().resolve_neg().contiguous()
    return ctypes.string_at(plain.data_ptr(), plain.numel() * plain.element_size()) if plain.numel() else b""


def write(path: Path, tensor: TorchTensor, dtype: str) -> None:
    with path.open("wb") as file:
        file.write(header(dtype, tuple(tensor.shape)))
        file.write(raw_bytes(tensor))
