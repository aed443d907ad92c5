"""The operators that run below Python's and TorchScript's own: both come down to the same ones."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import torch

from ..host.operator_mode import OperatorMode
from . import places

if TYPE_CHECKING:
    from ..aliases import TorchTensor, Value


LIMIT = 2**31
"""Bytes of results that are kept of one call."""


@dataclass
class Record:
    operator: str
    shapes: tuple[Any, ...]
    source: str
    tensors: list[Any] = field(default_factory=list)
    """Empty for what came after the limit: the search ends there, it is not the memory that does."""

    @property
    def key(self) -> tuple[Any, ...]:
        """A trace writes the convolution of eager Python as _convolution; changing in place is another name too."""
        space, _, name = self.operator.partition("::")
        return space, name.strip("_"), self.shapes


class Recorder(OperatorMode):
    def __init__(self) -> None:
        super().__init__()
        self.records: list[Record] = []
        self.bytes = 0

    def __torch_dispatch__(self, func: Any, _types: Any, args: Any = (), kwargs: Any = None) -> Any:
        output = func(*args, **(kwargs or {}))
        tensors = [each for each in _flat(output) if isinstance(each, torch.Tensor)]
        if tensors and _computes(func):
            self._record(func._schema.name, tensors)  # noqa: SLF001
        return output

    def _record(self, name: str, tensors: list[Any]) -> None:
        self.bytes += sum(each.numel() * each.element_size() for each in tensors)
        shapes = tuple((tuple(each.shape), str(each.dtype)) for each in tensors)
        kept = [_plain(each) for each in tensors] if self.bytes <= LIMIT else []
        self.records.append(Record(name, shapes, places.of_caller(), kept))


def _computes(func: Any) -> bool:
    """A view has its values from elsewhere, and the room that `empty` makes has none yet."""
    return not func.is_view and not func._schema.name.startswith("aten::empty")  # noqa: SLF001


def _flat(output: Value) -> list[Any]:
    if isinstance(output, (tuple, list)):
        return [leaf for each in output for leaf in _flat(each)]
    return [output]


def _plain(tensor: TorchTensor) -> TorchTensor:
    if tensor.is_quantized:
        return tensor.dequantize()
    return tensor.to_dense() if tensor.layout != torch.strided else tensor.clone()
