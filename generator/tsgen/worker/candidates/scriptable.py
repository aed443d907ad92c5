"""Compiled by torch.jit.script in the place of torch's own, with annotations that it can read."""

# ruff: noqa: N801, ARG001, ANN001, ANN201, UP006, UP035, FA100, F811, FBT001, FBT002, PERF402, PYI036, S101, SLF001
# mypy: ignore-errors
from typing import Any, List, Optional

import torch
from torch import Tensor

_grad = torch.autograd.grad


class enable_grad:
    def __init__(self) -> None:
        self.on = True

    def __enter__(self) -> None:
        self.on = True

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        self.on = True


class set_grad_enabled:
    def __init__(self, mode: bool) -> None:
        self.on = mode

    def __enter__(self) -> None:
        self.on = self.on

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        self.on = self.on


def _present(found: List[Optional[Tensor]]) -> List[Tensor]:
    given: List[Tensor] = []
    for one in found:
        assert one is not None
        given.append(one)
    return given


def _each(tensors: Optional[List[Tensor]]) -> Optional[List[Optional[Tensor]]]:
    if tensors is None:
        return None
    given: List[Optional[Tensor]] = []
    for one in tensors:
        given.append(one)
    return given


@torch.jit._overload
def grad(
    outputs: Tensor, inputs: Tensor, grad_outputs: Optional[Tensor] = None, retain_graph: Optional[bool] = None,
    create_graph: bool = False, only_inputs: bool = True, allow_unused: bool = False,
) -> List[Tensor]:  # fmt: skip
    pass


@torch.jit._overload
def grad(
    outputs: List[Tensor], inputs: List[Tensor], grad_outputs: Optional[List[Tensor]] = None,
    retain_graph: Optional[bool] = None, create_graph: bool = False, only_inputs: bool = True,
    allow_unused: bool = False,
) -> List[Tensor]:  # fmt: skip
    pass


@torch.jit._overload
def grad(
    outputs: Tensor, inputs: List[Tensor], grad_outputs: Optional[Tensor] = None, retain_graph: Optional[bool] = None,
    create_graph: bool = False, only_inputs: bool = True, allow_unused: bool = False,
) -> List[Tensor]:  # fmt: skip
    pass


@torch.jit._overload
def grad(
    outputs: List[Tensor], inputs: Tensor, grad_outputs: Optional[List[Tensor]] = None,
    retain_graph: Optional[bool] = None, create_graph: bool = False, only_inputs: bool = True,
    allow_unused: bool = False,
) -> List[Tensor]:  # fmt: skip
    pass


def grad(
    outputs, inputs, grad_outputs=None, retain_graph=None, create_graph=False, only_inputs=True, allow_unused=False
):
    of = [outputs] if isinstance(outputs, Tensor) else outputs
    by = [inputs] if isinstance(inputs, Tensor) else inputs
    if isinstance(grad_outputs, Tensor):
        given: Optional[List[Optional[Tensor]]] = [grad_outputs]
    elif grad_outputs is None:
        given = None
    else:
        given = _each(grad_outputs)
    return _present(_grad(of, by, given, retain_graph, create_graph, allow_unused))
