"""A model that draws random numbers or remembers its last call has no one right answer to compare with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch

from .compare import difference
from .eager import Probe, attempt
from .protocol import Problem, Tolerance

if TYPE_CHECKING:
    from .flatten import Leaf

# Two calls of the same kernels on the same numbers: far below any difference that would matter.
_LOOSE = {name: Tolerance(1e-5, 1e-6) for name in ("float32", "float64", "complex64", "complex128")}
_LOOSE.update({name: Tolerance(1e-2, 1e-3) for name in ("float16", "bfloat16")})


def check(model: Any, first: Probe) -> None:
    changed = _again_differs(model, first, first.expected)
    if changed and _is_random(model, first):
        raise Problem(
            "unsupported",
            f"the model draws random numbers: two calls with the same input differ ({_twice(changed)})",
            "pass training=self.training to functional dropout, and take noise as an input instead of drawing it",
        )
    if changed:
        raise Problem(
            "unsupported",
            f"the model keeps state: two calls with the same input differ ({_twice(changed)})",
            "take the state as an input and return it as an output",
        )


def _twice(words: str) -> str:
    return words.replace("in Python", "first").replace("in the export", "then")


def _again_differs(model: Any, first: Probe, expected: list[Leaf]) -> str:
    again = attempt(model, first.name, first.tensors, first.sizes)
    if not isinstance(again, Probe):
        return f"the second raised {again.said}"
    return difference(expected, again.expected, _LOOSE)


def _is_random(model: Any, first: Probe) -> bool:
    """With the generator put back to where it was, a random model repeats itself; a remembering one does not."""
    state = torch.get_rng_state()
    once = attempt(model, first.name, first.tensors, first.sizes)
    torch.set_rng_state(state)
    return isinstance(once, Probe) and not _again_differs(model, first, once.expected)
