"""A model that draws random numbers or remembers its last call has no one right answer to compare with."""

from __future__ import annotations

import copy
import sys
from typing import TYPE_CHECKING, Any

import torch

from ..host.seed import random_states
from ..messages import Problem, Tolerance
from ..reasons import Difference
from ..users_code.origin import is_users
from ..values.compare import EXACT, difference, first_mismatch
from .eager import Probe, attempt, unwatched

if TYPE_CHECKING:
    from ..aliases import Model, Value
    from .eager import During

COPIED_BYTES = 2 << 30
PLAIN = 16
"""Elements of a list that is compared."""

# Two calls of the same kernels on the same numbers: far below any difference that would matter.
LOOSE = {name: Tolerance(1e-5, 1e-6) for name in ("float32", "float64", "complex64", "complex128")}
LOOSE.update({name: Tolerance(1e-2, 1e-3) for name in ("float16", "bfloat16")})


def kept_state(model: Model, first: Probe, during: During) -> str:
    """How the second answer to the same input differs; empty when it does not. `during`: around the second call.

    Raises Problem for a model that draws random numbers.
    """
    before = random_states()
    changed = _again_differs(model, first, during)
    if changed and not any(_again_differs(model, first) for _ in range(2)):
        changed = None  # being watched made it differ; of two calls more, because state may alternate
    words = changed.told("first", "then") if changed else ""
    if random_states() != before:
        differ = f"two calls with the same input differ ({words})" if changed else "though seldom to be seen"
        raise Problem(
            "unsupported",
            f"the model draws random numbers when it is called: {differ}",
            _unregistered(model) or _NO_NOISE,
        )
    return words


_NO_NOISE = "pass training=self.training to functional dropout, and take noise as an input instead of drawing it"


def _unregistered(model: Model) -> str:
    """A module in a Python list: eval() does not reach it."""
    known = set(model.modules())
    for name, part in model.named_modules():
        for key, value in vars(part).items():
            lost = [inner for inner in _inside(value) if inner not in known]
            if lost:
                held = f"{name}.{key}" if name else key
                return (
                    f"the {type(lost[0]).__name__} in {held} is in a plain Python {type(value).__name__}, where eval() "
                    "does not reach it: use torch.nn.ModuleList or ModuleDict"
                )
    return ""


def _inside(value: Value) -> list[Any]:
    inner = value.values() if type(value) is dict else value if isinstance(value, (list, tuple)) else ()
    return [one for one in inner if isinstance(one, torch.nn.Module)]


def _again_differs(model: Model, first: Probe, during: During = unwatched) -> Difference | None:
    again = attempt(model, first.name, first.call, first.sizes, during=during)
    if not isinstance(again, Probe):
        return Difference("raised", theirs=again.said)
    return difference(first.expected, again.expected, LOOSE)


def numbers_of(model: Model) -> dict[str, Any]:
    """What the user's own modules hold as plain Python: a counter in there is state that no tensor shows."""
    parts = [(name, part) for name, part in model.named_modules() if _is_own(part)]
    held = [(f"{name}.{key}" if name else key, value) for name, part in parts for key, value in vars(part).items()]
    return {name: copy.copy(value) for name, value in held if _is_plain(value)}


def _is_own(part: Any) -> bool:
    source = getattr(sys.modules.get(type(part).__module__), "__file__", None)
    return not isinstance(part, torch.jit.ScriptModule) and bool(source) and is_users(source)


def _is_plain(value: Value) -> bool:
    if isinstance(value, (list, tuple)):
        return len(value) <= PLAIN and all(_is_plain(part) for part in value)
    return value is None or isinstance(value, (bool, int, float, str))


def changed_number(before: dict[str, Any], after: dict[str, Any]) -> str:
    """The first name whose value differs; empty for none. NaN is as good as itself."""
    return next((name for name, value in after.items() if repr(before.get(name)) != repr(value)), "")


def copy_of(model: Model) -> Model:
    """A copy of the model before its first call; None where it is too large to hold twice, or cannot be copied."""
    if sum(tensor.numel() * tensor.element_size() for tensor in _known(model)) > COPIED_BYTES:
        return None
    try:
        made = copy.deepcopy(model)
        _take_modes(made, model)
        return made if _is_alike(made, model) else None
    except Exception:  # noqa: BLE001 - the user's own class decides what it raises
        return None


def _take_modes(made: Model, model: Model) -> None:
    """A class that copies itself may begin anew, in train mode, as torchvision's DualGraphModule does by its __init__.

    Each part's own train() is called, which may be more than a flag: that class changes its graph.
    """
    for ours, theirs in zip(made.modules(), model.modules()):
        if ours.training != theirs.training:
            ours.train(theirs.training)
            ours.training = theirs.training


_HOOKS = ("_forward_pre_hooks", "_forward_hooks")
"""That torch.fx.GraphModule.__deepcopy__ leaves behind (torch/fx/graph_module.py, torch 2.14.1)."""


def _is_alike(made: Model, model: Model) -> bool:
    """The same parts in the same modes with the same hooks and numbers."""
    return _form(made) == _form(model) and all(
        torch.equal(ours, theirs) or first_mismatch(ours, theirs, EXACT) is None  # NaN is equal to nothing
        for ours, theirs in zip(_known(made), _known(model))
    )


def _form(model: Model) -> list[Any]:
    hooks = [[len(getattr(part, kind, ())) for kind in _HOOKS] for part in model.modules()]
    parts = [(name, part.training) for name, part in model.named_modules()]
    return [parts, hooks, [(tensor.dtype, tensor.shape) for tensor in _known(model)]]


def _known(model: Model) -> list[Any]:
    lazy = (torch.nn.parameter.UninitializedParameter, torch.nn.parameter.UninitializedBuffer)
    return [tensor for tensor in (*model.parameters(), *model.buffers()) if not isinstance(tensor, lazy)]
