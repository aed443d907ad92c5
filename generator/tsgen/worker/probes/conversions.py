"""Where eager Python takes a value out of a tensor, or catches what an operator raises: a trace freezes what follows.

torch warns of some of it while tracing, unless the model's own code silences warnings; torch.equal, torch.allclose,
NumPy's and DLPack's views and caught exceptions it passes over. Python's calls of torch are watched instead.
"""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from torch.overrides import TorchFunctionMode

from ..reference import eager
from ..users_code.failures import source_line
from ..users_code.frozen import Frozen
from ..users_code.origin import is_users
from ..users_code.statements import frames, is_guarded
from . import lengths

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

    from ..calls.plan import Call
    from ..reasons import FrozenKind

_TAKEN: dict[str, FrozenKind] = {
    **dict.fromkeys(("__bool__", "__contains__", "is_nonzero", "equal", "allclose"), "branch"),
    **dict.fromkeys(("item", "__int__", "__float__", "__complex__"), "number"),
    **dict.fromkeys(("numpy", "__array__", "__dlpack__"), "array"),
    "__index__": "index",
    "tolist": "list",
}
"""By the names of torch's functions."""
_OURS = Path(__file__).parents[1]
_BETWEEN = ("_tensor.py", "overrides.py", "_contextlib.py")
"""torch's files through which a call of the user's goes on its way to the operator."""
_OF_NO_SIZE = frozenset({
    "dim", "ndim", "requires_grad", "is_complex", "is_cuda", "is_floating_point", "is_meta", "is_mkldnn", "is_nested",
    "is_quantized", "is_signed", "is_sparse",
})  # fmt: skip
"""What a tensor says of itself that is the same however long its dimensions are."""
_SILENT = (torch.Tensor, torch.dtype, torch.device, torch.layout, type(None))
"""What a function may give that tells Python nothing of how long a dimension is; a Size, a number or a list may."""


class Watch:
    """What a call asks of its tensors.

    Torch's own modules leave their fast paths when watched: the last digits of such a call's answer may be others.
    """

    def __init__(self) -> None:
        self._asked = _Asked()
        self._answered = False
        self.lengths = lengths.Watch()
        """What it makes as long as values say."""

    @contextlib.contextmanager
    def during(self, given: Call[str, Any]) -> Iterator[None]:
        """Around a call of the model with the very tensors that it is given."""
        with self._asked, self.lengths.during(given):
            yield
        self._answered = True

    @property
    def taken(self) -> tuple[Frozen, ...]:
        """Where values are taken out of tensors."""
        return tuple(self._asked.found)

    @property
    def sizes(self) -> bool:
        """Python may have learned one, in torch's own modules too. So it may in a call that raised."""
        return self._asked.sizes or not self._answered


class _Asked(TorchFunctionMode):  # type: ignore[misc] # torch is Any here
    def __init__(self) -> None:
        super().__init__()
        self.found: list[Frozen] = []
        self.sizes = False

    def __torch_function__(self, function: Any, _types: Any, given: Any = (), named: Any = None) -> Any:
        name = getattr(function, "__name__", "")
        if name == "__get__":
            name = getattr(getattr(function, "__self__", None), "__name__", "")
        else:
            self._look(_TAKEN.get(name))
        answer = function(*given, **(named or {}))
        if not (self.sizes or name in _OF_NO_SIZE or isinstance(answer, _SILENT)):
            self.sizes = any(_OURS not in Path(frame.f_code.co_filename).parents for frame in _around())
        return answer

    def _look(self, kind: FrozenKind | None) -> None:
        around = _around()
        if kind and around:
            self._keep(kind, around[0])
        for frame in around:
            if is_users(frame.f_code.co_filename) and is_guarded(frame.f_code.co_filename, frame.f_lineno):
                self._keep("try", frame)

    def _keep(self, kind: FrozenKind, frame: FrameType) -> None:
        file, line = frame.f_code.co_filename, frame.f_lineno
        place = Frozen(kind, source_line(file, line), is_users(file), file, line)
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
