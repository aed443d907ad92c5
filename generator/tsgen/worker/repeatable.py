"""A model that draws random numbers or remembers its last call has no one right answer to compare with."""

from __future__ import annotations

import copy
import sys
from typing import TYPE_CHECKING, Any

import torch

from .compare import difference
from .eager import Probe, attempt
from .origin import is_users
from .protocol import Problem, Tolerance
from .seed import random_states
from .suggest import shown

if TYPE_CHECKING:
    from .flatten import Leaf

COPIED_BYTES = 2 << 30
PLAIN = 16
"""Elements of a list that is compared."""

# Two calls of the same kernels on the same numbers: far below any difference that would matter.
_LOOSE = {name: Tolerance(1e-5, 1e-6) for name in ("float32", "float64", "complex64", "complex128")}
_LOOSE.update({name: Tolerance(1e-2, 1e-3) for name in ("float16", "bfloat16")})


def kept_state(model: Any, first: Probe) -> str:
    """How the second answer to the same input differs; empty when it does not.

    Raises Problem for a model that draws random numbers.
    """
    before = random_states()
    changed = _again_differs(model, first, first.expected)
    if random_states() != before:
        differ = f"two calls with the same input differ ({_twice(changed)})" if changed else "though seldom to be seen"
        raise Problem(
            "unsupported",
            f"the model draws random numbers when it is called: {differ}",
            _unregistered(model) or _NO_NOISE,
        )
    return _twice(changed)


_NO_NOISE = "pass training=self.training to functional dropout, and take noise as an input instead of drawing it"


def _unregistered(model: Any) -> str:
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


def _inside(value: Any) -> list[Any]:
    inner = value.values() if type(value) is dict else value if isinstance(value, (list, tuple)) else ()
    return [one for one in inner if isinstance(one, torch.nn.Module)]


def _twice(words: str) -> str:
    return words.replace("in Python", "first").replace("in the export", "then")


def _again_differs(model: Any, first: Probe, expected: list[Leaf]) -> str:
    again = attempt(model, first.name, first.call, first.sizes)
    if not isinstance(again, Probe):
        return f"the second raised {again.said}"
    return difference(expected, again.expected, _LOOSE)


def state_of(model: Any) -> dict[str, tuple[int, int]]:
    """Which tensors the model holds and how often each was written: what a call changes shows here."""
    held = (*model.named_parameters(), *model.named_buffers())
    lazy = (torch.nn.parameter.UninitializedParameter, torch.nn.parameter.UninitializedBuffer)
    return {name: (id(tensor), _writes(tensor)) for name, tensor in held if not isinstance(tensor, lazy)}


def numbers_of(model: Any) -> dict[str, Any]:
    """What the user's own modules hold as plain Python: a counter in there is state that no tensor shows."""
    parts = [(name, part) for name, part in model.named_modules() if _is_own(part)]
    held = [(f"{name}.{key}" if name else key, value) for name, part in parts for key, value in vars(part).items()]
    return {name: copy.copy(value) for name, value in held if _is_plain(value)}


def _is_own(part: Any) -> bool:
    source = getattr(sys.modules.get(type(part).__module__), "__file__", None)
    return not isinstance(part, torch.jit.ScriptModule) and bool(source) and is_users(source)


def _is_plain(value: Any) -> bool:
    if isinstance(value, (list, tuple)):
        return len(value) <= PLAIN and all(_is_plain(part) for part in value)
    return value is None or isinstance(value, (bool, int, float, str))


def changed_number(before: dict[str, Any], after: dict[str, Any]) -> str:
    """The first name whose value differs; empty for none. NaN is as good as itself."""
    return next((name for name, value in after.items() if repr(before.get(name)) != repr(value)), "")


def _writes(tensor: Any) -> int:
    """Torch's count of in-place changes, which has no public name."""
    return 0 if tensor.is_inference() else int(tensor._version)  # noqa: SLF001


def copy_of(model: Any) -> Any:
    """As it is before its first call; None where it is too large to hold twice, or cannot be copied."""
    if sum(tensor.numel() * tensor.element_size() for tensor in _known(model)) > COPIED_BYTES:
        return None
    try:
        return copy.deepcopy(model)
    except Exception:  # noqa: BLE001 - the user's own class decides what it raises
        return None


def check_first_call(model: Any, before: dict[str, tuple[int, int]], untouched: Any, probes: list[Probe]) -> None:
    """Raises Problem when the first call decides later answers: a model that initialises itself from its first input.

    Its repeated calls agree, and so would C++; but a program that begins with another input must answer otherwise.
    """
    after = state_of(model)
    written = [name for name, held in before.items() if after.get(name) != held]
    if not written or untouched is None or len(probes) < 2:  # noqa: PLR2004 - the first and another one
        return
    other = probes[1]
    alone = attempt(untouched, other.name, other.call, other.sizes)
    if isinstance(alone, Probe) and not difference(other.expected, alone.expected, _LOOSE):
        return
    raise Problem(
        "unsupported",
        f"the model sets itself up at its first call ({shown(written, most=3)}), and later answers depend on it",
        "call it once in the factory with the input that should decide, and return it then",
    )


def _known(model: Any) -> list[Any]:
    lazy = (torch.nn.parameter.UninitializedParameter, torch.nn.parameter.UninitializedBuffer)
    return [tensor for tensor in (*model.parameters(), *model.buffers()) if not isinstance(tensor, lazy)]
