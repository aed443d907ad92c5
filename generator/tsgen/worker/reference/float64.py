"""The model in float64: what eager Python would answer if it rounded next to nothing.

How far its answer in its own dtype lies from that is its noise, by which a runtime of another order is judged.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

import torch

from ..host.operator_mode import OperatorMode
from ..progress import progress
from ..users_code.failures import format_error
from ..values import trees
from ..values.flatten import leaves_of
from .eager import call_on, copied
from .repeatable import copy_of
from .view import entry

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ..aliases import Model, Value
    from ..calls.plan import Call
    from ..messages.noise import NoFloorKind
    from ..values.flatten import Leaf
    from .eager import Probe

WIDE = {
    **dict.fromkeys((torch.float16, torch.bfloat16, torch.float32), torch.float64),
    **{getattr(torch, name): torch.complex128 for name in ("complex32", "complex64") if hasattr(torch, name)},
}
"""By the dtypes that are narrower."""


class NotHadError(Exception):
    """The model has no answer in float64 that could be trusted: why, and in whose words."""

    def __init__(self, kind: NoFloorKind, text: str = "") -> None:
        super().__init__(text)
        self.kind: NoFloorKind = kind
        self.text = text


def answers(model: Model, calls: Sequence[tuple[str, Probe]]) -> list[list[Leaf]]:
    """What a copy of `model` in float64 answers to each call, made in their order: a model may keep state.

    A call is a method, empty for forward, and the probe with what it is given. Raises NotHadError.
    """
    made = copy_of(model)
    if made is None:
        raise NotHadError("not_copied")
    made._apply(widened)  # noqa: SLF001 - double() leaves complex numbers as they are
    with _default_dtype(torch.float64), _Widening() as mode:
        found = [_answer(entry(made, method), probe) for method, probe in calls]
    if mode.narrow:
        raise NotHadError("narrow", mode.narrow)
    return found


def widened(value: Value) -> Value:
    """A tensor of numbers in float64 or complex128; whatever else it is, it stays."""
    is_narrow = isinstance(value, torch.Tensor) and value.dtype in WIDE
    return value.to(WIDE[value.dtype]) if is_narrow else value


def _answer(called: Model, probe: Probe) -> list[Leaf]:
    progress(f"float64: {probe.name}")
    try:
        output = call_on(called, _widened_call(probe.call))
        return [] if output is None else leaves_of(output)
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        raise NotHadError("raised", format_error(error)) from error


def _widened_call(call: Call[str, Any]) -> Call[str, Any]:
    change = lambda _path, leaf: widened(leaf)  # noqa: E731 - `mapped` gives the path too
    return {name: trees.mapped(change, value, name) for name, value in copied(call).items()}


@contextlib.contextmanager
def _default_dtype(dtype: Any) -> Iterator[None]:
    """What forward makes without saying of which dtype: `torch.zeros(3)`."""
    before = torch.get_default_dtype()
    torch.set_default_dtype(dtype)
    try:
        yield
    finally:
        torch.set_default_dtype(before)


class _Widening(OperatorMode):
    """Forward's own casts to float32 (of a softmax, of a norm) become casts to float64, and so do its constants.

    `narrow`: the first operator that still gave something narrower, as one for quantized numbers does.
    """

    def __init__(self) -> None:
        super().__init__()
        self.narrow = ""

    def __torch_dispatch__(self, function: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        schema = function._schema  # noqa: SLF001 - it has no public name
        written = [item.name for item in schema.arguments if item.alias_info is not None and item.alias_info.is_write]
        names = [item.name for item in schema.arguments]
        given = {**dict(zip(names, args)), **(kwargs or {})}
        same = {name: given[name] for name in written if name in given}
        wide = {name: same[name] if name in same else _mapped(item) for name, item in given.items()}
        positional = [wide.pop(name) for name in names[: len(args)]]
        result = function(*positional, **wide)
        if any(map(_is_narrow, _items(same, result))):
            self.narrow = self.narrow or schema.name
        return result


def _is_narrow(item: Any) -> bool:
    return isinstance(item, torch.Tensor) and item.dtype in WIDE


def _items(*values: Any) -> Iterator[Any]:
    """Arguments of an operator are at most lists of tensors."""
    for value in values:
        inner = value.values() if isinstance(value, dict) else value if isinstance(value, (list, tuple)) else None
        if inner is None:
            yield value
        else:
            yield from _items(*inner)


def _mapped(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _mapped(item) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(_mapped(item) for item in value)
    return WIDE.get(value, value) if isinstance(value, torch.dtype) else widened(value)
