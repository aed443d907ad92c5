"""What a file of weights holds: each dict in it that may be a state_dict, and the one that `FILE#key` names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import torch

from ..messages import Problem
from ..suggest import format_names
from . import file

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_DEEPEST = 4
"""Groups within groups, such as `{"ema": {"module": {"state_dict": ...}}}`."""


@dataclass(frozen=True)
class Held:
    """A dict of tensors by name, and where it lies in the file: the keys, with dots between them."""

    where: str
    state: dict[str, Any]


def held(path: Path, contents: Any, key: str) -> list[Held]:
    """Every dict of tensors in `contents`, or below the key that the user named. Raises Problem when there is none."""
    if isinstance(contents, torch.jit.ScriptModule):  # older torch loads it here, newer torch refuses
        raise file.is_torchscript(path)
    inside = _chosen(path, contents, key) if key else contents
    found = list(_walked(inside, key, 0))
    if found:
        return found
    where = f" under {key!r}" if key else ""
    raise Problem("bad_weights", f"{path} does not hold a state_dict{where} but {_described(inside)}", file.HINT)


def _walked(value: Any, where: str, depth: int) -> Iterator[Held]:
    if isinstance(value, torch.nn.Module):  # saved whole
        value = value.state_dict()
    if not isinstance(value, dict) or not all(isinstance(key, str) for key in value):
        return
    if any(isinstance(entry, torch.Tensor) for entry in value.values()):
        yield Held(where, dict(value))
    for key, entry in value.items() if depth < _DEEPEST else ():
        yield from _walked(entry, f"{where}.{key}" if where else key, depth + 1)


def _chosen(path: Path, contents: Any, key: str) -> Any:
    """The group of that key; a key may have dots itself, and its last part may be how the names begin."""
    value = contents.state_dict() if isinstance(contents, torch.nn.Module) else contents
    rest = key
    while rest:
        fitting = [name for name in _names(value) if rest == name or rest.startswith(f"{name}.")]
        if not fitting:
            return _beginning_with(path, value, rest, contents)
        longest = max(fitting, key=len)
        value, rest = value[longest], rest[len(longest) + 1 :]
    return value


def _beginning_with(path: Path, value: Any, rest: str, contents: Any) -> dict[str, Any]:
    named = {name[len(rest) + 1 :]: value[name] for name in _names(value) if name.startswith(f"{rest}.")}
    if named:
        return named
    there = format_names([found.where for found in _walked(contents, "", 0) if found.where], most=8)
    raise Problem(
        "bad_weights",
        f"{path.name} has nothing under the key {rest!r}",
        f"it has {there}: --weights FILE#KEY" if there else f"it is one state_dict: --weights {path.name}",
    )


def _names(value: Any) -> list[str]:
    return [name for name in value if isinstance(name, str)] if isinstance(value, dict) else []


def _described(value: Any) -> str:
    if isinstance(value, dict):
        odd = [key for key, entry in value.items() if not isinstance(entry, torch.Tensor)]
        return f"a dict with other things under {format_names(map(repr, odd), most=5)}" if odd else "an empty dict"
    return type(value).__name__
