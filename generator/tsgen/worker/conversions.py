"""Where eager Python takes a value out of a tensor, or catches what an operator raises: a trace freezes what follows.

torch warns of some of it while tracing, unless the model's own code silences warnings; torch.equal, torch.allclose,
NumPy's and DLPack's views and caught exceptions it passes over. Python's calls of torch are watched instead.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

from torch.overrides import TorchFunctionMode

from . import eager
from .candidates.exported import Frozen
from .failures import source_line
from .origin import is_users
from .protocol import Problem
from .statements import frames, is_guarded

if TYPE_CHECKING:
    from types import FrameType

    from .eager import Probe

_TAKEN = {
    **dict.fromkeys(("__bool__", "__contains__", "is_nonzero", "equal", "allclose"), "a branch"),
    **dict.fromkeys(("item", "__int__", "__float__", "__complex__"), "a number"),
    **dict.fromkeys(("numpy", "__array__", "__dlpack__"), "a NumPy array"),
    "__index__": "an index",
    "tolist": "a list",
}
"""By the names of torch's functions."""
_TRY = "the outcome of a try"
_BETWEEN = ("_tensor.py", "overrides.py", "_contextlib.py")
"""torch's files through which a call of the user's goes on its way to the operator."""


def of_call(model: Any, probe: Probe) -> tuple[Frozen, ...]:
    """In a call of its own, whose answer does not count: torch's own modules leave their fast paths when watched."""
    with _Watch() as watch, contextlib.suppress(Problem):
        eager.attempt(model, probe.name, probe.call, probe.sizes)
    return tuple(watch.found)


class _Watch(TorchFunctionMode):  # type: ignore[misc] # torch is Any here
    def __init__(self) -> None:
        super().__init__()
        self.found: list[Frozen] = []

    def __torch_function__(self, function: Any, _types: Any, given: Any = (), named: Any = None) -> Any:
        name = getattr(function, "__name__", "")
        if name != "__get__":
            self._look(_TAKEN.get(name, ""))
        return function(*given, **(named or {}))

    def _look(self, what: str) -> None:
        around = _around()
        if what and around:
            self._keep(what, around[0])
        for frame in around:
            if is_users(frame.f_code.co_filename) and is_guarded(frame.f_code.co_filename, frame.f_lineno):
                self._keep(_TRY, frame)

    def _keep(self, what: str, frame: FrameType) -> None:
        file, line = frame.f_code.co_filename, frame.f_lineno
        place = Frozen(what, source_line(file, line), is_users(file), file, line)
        if place not in self.found:
            self.found.append(place)


def _around() -> list[FrameType]:
    """The model's frames, the innermost first."""
    found: list[FrameType] = []
    for frame in frames():
        name = frame.f_code.co_filename
        if name == eager.__file__:
            break
        if name != __file__ and not (not found and name.endswith(_BETWEEN)):
            found.append(frame)
    return found
