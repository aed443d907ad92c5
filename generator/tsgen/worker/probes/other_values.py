"""Operators that make something as long as values say, and what each gives when they say something else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import torch

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..aliases import TorchTensor

Change = Literal["less", "more", "inverse", "mixed"]
PACK = "_pack_padded_sequence"
"""How many sequences have each step follows from how long they are: what it gives besides belongs together."""
_INDEX = ("index", "_unsafe_index")
MASKED = (*_INDEX, "index_put", "index_put_", "_index_put_impl_", "_unsafe_index_put")
"""They take a list of indices, of which each may be a mask."""
BY_MASK = (*_INDEX, "nonzero", "masked_select")
"""The number of hits is how long their answer is."""


def saying(name: str, args: Any, named: Any) -> list[Any]:
    """The tensors whose values say how long the answer is."""
    if name in _INDEX:
        return [index for index in args[1] if is_mask(index)]
    if name == "masked_select":
        return [args[1]]
    if name == "repeat_interleave" and (named.get("output_size") is not None or args[1:2] not in ((), (None,))):
        return []
    return [args[_PLACES.get(name, 0)]] if name == "nonzero" or name in ANSWERS else []


_PLACES = {PACK: 1, "nms": 1}


def is_mask(index: Any) -> bool:
    return index is not None and index.dtype in (torch.bool, torch.uint8)


def with_masks(name: str, args: Any, instead: Callable[[Any], Any]) -> Any:
    if name in MASKED:
        return (args[0], [instead(index) for index in args[1]], *args[2:])
    if name == "nonzero":
        return (instead(args[0]), *args[1:])
    return (args[0], instead(args[1]), *args[2:]) if name == "masked_select" else args


def flipped(mask: TorchTensor, change: Change) -> TorchTensor:
    """With one hit more or less, or hits where there were none; a mask and its complement remain complements."""
    other = mask.clone(memory_format=torch.contiguous_format)
    some = other.view(-1)[: None if change == "inverse" else 1]
    some.copy_(some == 0)
    return other


def at(change: Change, number: int) -> Change:
    """Of one operator among others: those that are changed alike may make up for one another."""
    if change == "mixed":
        return "less" if number % 2 else "more"
    return change


def _number(func: Any, args: Any, _named: Any, change: Change) -> Any:
    value = func(*args)
    if isinstance(value, (bool, complex)):
        return value
    return value + 1 if change == "more" or value <= 1 else value - 1


def _unique(func: Any, args: Any, named: Any, _change: Change) -> Any:
    """All alike, or one that is not."""
    other = args[0].clone(memory_format=torch.contiguous_format)
    if other.numel():
        flat = other.view(-1)
        alike = bool((flat == flat[0]).all())
        flat[1 if alike and flat.numel() > 1 else 0 :] = flat[0] == 0 if alike else flat[0].clone()
    return func(other, *args[1:], **named)


def _counted(func: Any, args: Any, named: Any, _change: Change) -> Any:
    """With a number that was too large before."""
    other = args[0].clone()
    other[:1] = func(*args, **named).shape[0]
    return func(other, *args[1:], **named)


def _repeated(func: Any, args: Any, named: Any, _change: Change) -> Any:
    other = args[0].clone()
    other[:1] += 1
    return func(other, *args[1:], **named)


def _packed(func: Any, args: Any, named: Any, change: Change) -> Any:
    """With a longest sequence that is shorter, or longer where all are of one step."""
    padded, lengths, batch_first = args
    longest = int(lengths.max())
    other = lengths.clamp(max=1 if change == "inverse" else longest - 1)
    if longest == 1:
        other = lengths.clone()
        other[:1] = min(2, padded.shape[1 if batch_first else 0])
    return func(padded, other, batch_first, **named)


def _chosen(func: Any, args: Any, named: Any, change: Change) -> Any:
    """Some boxes less, or a second one."""
    kept = func(*args, **named)
    if len(kept) > 1:
        return kept[: 1 if change == "inverse" else -1].clone()
    return torch.arange(min(2, len(args[0])), dtype=kept.dtype, device=kept.device)


ANSWERS: dict[str, Callable[[Any, Any, Any, Change], Any]] = {
    "_local_scalar_dense": _number,
    "_unique": _unique,
    "_unique2": _unique,
    "unique_consecutive": _unique,
    "unique_dim": _unique,
    "bincount": _counted,
    "repeat_interleave": _repeated,
    PACK: _packed,
    "nms": _chosen,
}
"""(operator, its arguments, change) -> what it gives with other values."""
