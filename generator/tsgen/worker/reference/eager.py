"""Calling the model as Python does: the reference every export is judged by."""

from __future__ import annotations

import contextlib
import time
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import torch

from .. import hints
from ..calls.forward import arguments
from ..calls.plan import format_call
from ..messages import Problem
from ..reasons import Rejection
from ..users_code.failures import format_error, user_frames
from ..users_code.torch_messages import is_differentiating
from ..values import trees
from ..values.compare import EXACT, first_mismatch
from ..values.flatten import answer_of, leaves_in, tree_of
from . import gradients
from .view import View, entry

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..aliases import Model, Value
    from ..calls.plan import Call, Plan
    from ..reasons import RejectionKind, Requirement
    from ..values.flatten import Leaf, Tree

    During = Callable[[Call[str, Any]], contextlib.AbstractContextManager[Any]]


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
    requirement: Requirement | None = None
    """None for what must be right."""
    extrapolated: bool = False
    """At a size that is tried for its own sake: judged once, and no case."""
    method: str = ""
    """The exported method that was called; empty for forward."""

    @property
    def expected(self) -> list[Leaf]:
        return leaves_in(self.answer)

    @property
    def inputs(self) -> Tree:
        return tree_of(self.call)


def copied(call: Call[str, Any]) -> Call[str, Any]:
    return {name: trees.mapped(_copy, value, name) for name, value in call.items()}


def _copy(_path: str, leaf: Any) -> Value:
    return leaf.clone() if isinstance(leaf, torch.Tensor) else leaf


def call(model: Model, given: Call[str, Any]) -> Value:
    """The model's answer to copies of `given`: a model may change its input in place."""
    return call_on(model, copied(given))


def call_on(model: Model, copies: Call[str, Any]) -> Value:
    gradients.mark(copies)
    positional, named = arguments(model, copies)
    with gradients.mode():
        return model(*positional, **named)


def unwatched(_copies: Call[str, Any]) -> contextlib.AbstractContextManager[Any]:
    """Nothing is around the model's call."""
    return contextlib.nullcontext()


def attempt(
    model: Model,
    name: str,
    given: Call[str, Any],
    sizes: dict[str, int],
    *,
    case: bool = False,
    requirement: Requirement | None = None,
    method: str = "",
    during: During = unwatched,
) -> Probe | Rejection:
    """Raises Problem when the model answers with something that cannot be saved.

    A method may answer nothing: it is called for what it changes. Where the model differentiates, gradients are on from
    then on. `during`: gets what the model is called with; what it gives is around the model's call, and nothing else.
    """
    again = partial(
        _attempt, model, name, given, sizes, case=case, requirement=requirement, method=method, during=during
    )
    found = again()
    if isinstance(found, Probe) or found.kind != "gradient" or gradients.are_on():
        return found
    for inputs in gradients.ways(given):
        gradients.turn_on(inputs)
        with_gradients = again()
        if isinstance(with_gradients, Probe):
            return with_gradients
    gradients.turn_off()
    return found


def _attempt(
    model: Model,
    name: str,
    given: Call[str, Any],
    sizes: dict[str, int],
    *,
    case: bool,
    requirement: Requirement | None,
    method: str,
    during: During,
) -> Probe | Rejection:
    copies = copied(given)
    start = time.perf_counter()
    try:
        with during(copies):
            output = call_on(entry(model, method), copies)
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # noqa: BLE001 - forward may even call sys.exit()
        return _rejection(error)
    seconds = time.perf_counter() - start
    is_method = bool(method) or isinstance(model, View)
    answer = None if is_method and output is None else answer_of(output)
    changed = _changed(given, copies)
    return Probe(name, given, sizes, answer, seconds, case, changed, requirement, method=method)


def _rejection(error: BaseException) -> Rejection:
    frames = user_frames(error.__traceback__)
    kind: RejectionKind = "gradient" if is_differentiating(error) else "raised"
    return Rejection(
        "exit" if isinstance(error, SystemExit) else kind,
        format_error(error),
        f"{frames}\n{format_error(error)}" if frames else "",
    )


def _changed(before: Call[str, Any], after: Call[str, Any]) -> tuple[str, ...]:
    pairs = zip(trees.leaves(before), trees.leaves(after))
    return tuple(path for (path, old), (_, new) in pairs if _differ(old, new))


def _differ(old: Any, new: Any) -> bool:
    if not isinstance(old, torch.Tensor):
        return False
    return old.shape != new.shape or first_mismatch(old, new, EXACT) is not None


def not_accepted(rejection: Rejection, plan: Plan) -> Problem:
    sizes = ", ".join(f"{name}={size}" for name, size in plan.sizes.items())
    given = format_call(plan.template)
    called = f"{given} at {sizes}" if sizes else given
    return Problem(
        "model_raised",
        f"the model raised {rejection.said} when called with {called or 'no input'}",
        hints.REJECTIONS[rejection.kind],
        rejection.traceback,
    )
