"""Calling the model as Python does: the reference every export is judged by."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import torch

from .compare import EXACT, first_mismatch
from .failures import said, user_frames
from .flatten import Leaf, leaves_of
from .protocol import Problem

if TYPE_CHECKING:
    from .inputs import Plan


@dataclass(frozen=True)
class Probe:
    """One input and what eager Python answers to it."""

    name: str
    tensors: tuple[Any, ...]
    sizes: dict[str, int]
    expected: list[Leaf]
    seconds: float
    case: bool = False
    changed: tuple[int, ...] = ()
    """The places of the inputs that the model changed in place."""


@dataclass(frozen=True)
class Rejection:
    """The model raised on an input; that may be right (an index out of range) and is no failure yet."""

    said: str
    traceback: str


def call(model: Any, tensors: tuple[Any, ...]) -> Any:
    """On copies: a model may change its input in place."""
    return _call(model, [tensor.clone() for tensor in tensors])


def _call(model: Any, copies: list[Any]) -> Any:
    with torch.no_grad():
        return model(*copies)


def attempt(
    model: Any, name: str, tensors: tuple[Any, ...], sizes: dict[str, int], *, case: bool = False
) -> Probe | Rejection:
    """Raises Problem when the model answers with something that cannot be saved."""
    copies = [tensor.clone() for tensor in tensors]
    start = time.perf_counter()
    try:
        output = _call(model, copies)
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # noqa: BLE001 - forward may even call sys.exit()
        frames = user_frames(error.__traceback__)
        return Rejection(said(error), f"{frames}\n{said(error)}" if frames else "")
    seconds = time.perf_counter() - start
    return Probe(name, tensors, sizes, leaves_of(output), seconds, case, _changed(tensors, copies))


def _changed(before: tuple[Any, ...], after: list[Any]) -> tuple[int, ...]:
    pairs = enumerate(zip(before, after))
    return tuple(place for place, (old, new) in pairs if first_mismatch(old, new, EXACT) is not None)


def not_accepted(rejection: Rejection, plan: Plan) -> Problem:
    given = ", ".join(f"{entry.name}: {entry.dtype}[{','.join(map(str, entry.shape))}]" for entry in plan.inputs)
    sizes = ", ".join(f"{name}={size}" for name, size in plan.sizes.items())
    called = f"{given} at {sizes}" if sizes else given
    return Problem(
        "model_raised",
        f"the model raised {rejection.said} when called with {called or 'no input'}",
        "check names, shapes, dtypes and order of --input (NAME=2x16:int64)",
        rejection.traceback,
    )
