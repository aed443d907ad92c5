"""`example_inputs()` beside a factory: a tuple of tensors, or a dict by forward's parameter names, or a list of those.

With one example every dimension is fixed. With several, a dimension whose size differs between them is dynamic; places
that differ alike share a name (`N` when the first of them is a first dimension, else like `x_dim1`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch

from ..dtypes import dtype_name
from ..failures import user_code
from ..forward import parameters_of
from ..protocol import InputRequest, Problem
from .loaded import Example

if TYPE_CHECKING:
    from types import ModuleType

    from ..protocol import Dim

FUNCTION = "example_inputs"
_HINT = "let it return a tuple of tensors, a dict of tensors by parameter name, or a list of several such examples"


def read(module: ModuleType, model: Any) -> Example | None:
    function = getattr(module, FUNCTION, None)
    if not callable(function):
        return None
    with user_code(f"{FUNCTION}()"):
        returned = function()
    examples = [_by_name(entry, model) for entry in (returned if isinstance(returned, list) else [returned])]
    if not examples:
        raise Problem("bad_input", f"{FUNCTION}() returned an empty list", _HINT)
    _check_alike(examples)
    names: dict[tuple[int, ...], str] = {}
    requests = _requests(examples, names)
    others = {name: tuple(size for size in sizes[1:] if size != sizes[0]) for sizes, name in names.items()}
    more = tuple(tuple(example[name] for name in examples[0]) for example in examples[1:])
    return Example(requests, tuple(examples[0].values()), others, more)


def _by_name(entry: Any, model: Any) -> dict[str, Any]:
    if isinstance(entry, torch.Tensor):
        entry = (entry,)
    if isinstance(entry, tuple):
        names = [parameter.name for parameter in parameters_of(model, count=len(entry))]
        entry = dict(zip(names, entry)) if len(entry) <= len(names) else entry
    if not isinstance(entry, dict) or not all(isinstance(value, torch.Tensor) for value in entry.values()):
        raise Problem("bad_input", f"{FUNCTION}() did not return tensors that fit forward's parameters", _HINT)
    return {str(name): value.detach().cpu() for name, value in entry.items()}


def _check_alike(examples: list[dict[str, Any]]) -> None:
    kinds = {tuple((name, value.dtype, value.dim()) for name, value in example.items()) for example in examples}
    if len(kinds) > 1:
        raise Problem("bad_input", f"the examples of {FUNCTION}() differ in names, dtypes or ranks", _HINT)


def _requests(examples: list[dict[str, Any]], names: dict[tuple[int, ...], str]) -> tuple[InputRequest, ...]:
    requests = []
    for name, first in examples[0].items():
        shape = tuple(
            _dim(name, axis, [entry[name].shape[axis] for entry in examples], names) for axis in range(first.dim())
        )
        given = {dim: int(size) for dim, size in zip(shape, first.shape) if isinstance(dim, str)}
        requests.append(InputRequest(name, dtype_name(first.dtype), shape, given))
    return tuple(requests)


def _dim(name: str, axis: int, sizes: list[int], names: dict[tuple[int, ...], str]) -> Dim:
    if len(set(sizes)) == 1:
        return int(sizes[0])
    fresh = "N" if axis == 0 and "N" not in names.values() else f"{name}_dim{axis}"
    return names.setdefault(tuple(sizes), fresh)
