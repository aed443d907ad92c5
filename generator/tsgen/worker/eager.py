"""Calling the model as Python does: the reference every export is judged by."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import torch

from . import trees
from .compare import EXACT, first_mismatch
from .failures import said, user_frames
from .flatten import answer_of, leaves_in, tree_of
from .forward import arguments
from .plan import shown
from .protocol import Problem

if TYPE_CHECKING:
    from .flatten import Leaf, Tree
    from .plan import Call, Plan


@dataclass(frozen=True)
class Probe:
    """One input and what eager Python answers to it."""

    name: str
    call: Call[str, Any]
    sizes: dict[str, int]
    answer: Tree
    seconds: float
    case: bool = False
    changed: tuple[str, ...] = ()
    """The paths of the inputs that the model changed in place."""
    wish: str = ""
    """What nobody asked for but would be good to have, such as `size N`; empty for what must be right."""
    far: bool = False
    """At a size that is tried for its own sake: judged once, and no case."""

    @property
    def expected(self) -> list[Leaf]:
        return leaves_in(self.answer)

    @property
    def inputs(self) -> Tree:
        return tree_of(self.call)


@dataclass(frozen=True)
class Rejection:
    """The model raised on an input; that may be right (an index out of range) and is no failure yet."""

    said: str
    traceback: str


_CHECK_INPUT = "check names, shapes, dtypes and order of --input (NAME=2x16:int64, NAME==3)"


def copied(call: Call[str, Any]) -> Call[str, Any]:
    return {name: trees.mapped(_copy, value, name) for name, value in call.items()}


def _copy(_path: str, leaf: Any) -> Any:
    return leaf.clone() if isinstance(leaf, torch.Tensor) else leaf


def call(model: Any, given: Call[str, Any]) -> Any:
    """On copies: a model may change its input in place."""
    return _call(model, copied(given))


def _call(model: Any, copies: Call[str, Any]) -> Any:
    positional, named = arguments(model, copies)
    with torch.no_grad():
        return model(*positional, **named)


def attempt(
    model: Any, name: str, given: Call[str, Any], sizes: dict[str, int], *, case: bool = False, wish: str = ""
) -> Probe | Rejection:
    """Raises Problem when the model answers with something that cannot be saved."""
    copies = copied(given)
    start = time.perf_counter()
    try:
        output = _call(model, copies)
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # noqa: BLE001 - forward may even call sys.exit()
        frames = user_frames(error.__traceback__)
        return Rejection(said(error), f"{frames}\n{said(error)}" if frames else "")
    seconds = time.perf_counter() - start
    return Probe(name, given, sizes, answer_of(output), seconds, case, _changed(given, copies), wish)


def _changed(before: Call[str, Any], after: Call[str, Any]) -> tuple[str, ...]:
    pairs = zip(trees.leaves(before), trees.leaves(after))
    return tuple(path for (path, old), (_, new) in pairs if _differ(old, new))


def _differ(old: Any, new: Any) -> bool:
    if not isinstance(old, torch.Tensor):
        return False
    return old.shape != new.shape or first_mismatch(old, new, EXACT) is not None


def not_accepted(rejection: Rejection, plan: Plan) -> Problem:
    sizes = ", ".join(f"{name}={size}" for name, size in plan.sizes.items())
    given = shown(plan.template)
    called = f"{given} at {sizes}" if sizes else given
    leaves = rejection.said.startswith("SystemExit")
    return Problem(
        "model_raised",
        f"the model raised {rejection.said} when called with {called or 'no input'}",
        "take sys.exit() out of forward: what cannot be computed is an exception" if leaves else _CHECK_INPUT,
        rejection.traceback,
    )
