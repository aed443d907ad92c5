"""Gradients: off for every model, but for one whose forward differentiates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch

from ..values import trees

if TYPE_CHECKING:
    import contextlib
    from collections.abc import Iterator

    from ..aliases import ScriptModule
    from ..calls.plan import Call

_OPERATORS = {"aten::grad", "aten::backward", "aten::_backward"}
"""torch/csrc/jit/runtime/register_special_ops.cpp and the operators behind Tensor.backward()."""


class _Mode:
    """Of this process, which exports one model."""

    on = False
    inputs: tuple[str, ...] = ()


def turn_on(inputs: tuple[str, ...] = ()) -> None:
    """From now on, for every call. `inputs`: the paths of those that forward wants to require gradients."""
    _Mode.on, _Mode.inputs = True, inputs


def turn_off() -> None:
    _Mode.on, _Mode.inputs = False, ()


def are_on() -> bool:
    return _Mode.on


def inputs() -> tuple[str, ...]:
    return _Mode.inputs


def mode() -> contextlib.AbstractContextManager[Any]:
    return torch.enable_grad() if _Mode.on else torch.no_grad()  # type: ignore[no-any-return] # torch is Any here


def mark(copies: Call[str, Any]) -> None:
    """Before a call, the tensors that it is given."""
    for path, leaf in trees.leaves(copies) if _Mode.inputs else ():
        if path in _Mode.inputs:
            leaf.requires_grad_(requires_grad=True)


def ways(given: Call[str, Any]) -> Iterator[tuple[str, ...]]:
    """The inputs that may have to require gradients, fewest first: none, for forward may ask for them itself."""
    floats = [path for path, leaf in trees.leaves(given) if isinstance(leaf, torch.Tensor) and _can(leaf)]
    yield ()
    if len(floats) > 1:
        yield from ((path,) for path in floats)
    if floats:
        yield tuple(floats)


def _can(tensor: Any) -> bool:
    return bool(tensor.is_floating_point() or tensor.is_complex())


def is_taken_in(module: ScriptModule) -> bool:
    """Whether a program differentiates: LibTorch must then record what it computes."""
    graph = getattr(module, "inlined_graph", None)
    return graph is not None and any(graph.findNode(kind) is not None for kind in _OPERATORS)
