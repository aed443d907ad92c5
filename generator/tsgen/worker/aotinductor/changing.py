"""Which attributes of a model its calls change, and whether each is something that can go in and come out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import torch

from ..messages import Problem
from ..reference import eager
from ..reference.eager import Probe
from ..reference.repeatable import LOOSE, copy_of
from ..state import memory
from ..values import trees
from ..values.compare import difference

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ..aliases import Model

HINT = "keep it in a tensor of one size that is there from __init__ on; or export it with --runtime torchscript"
TRIED = 4
"""Calls that show whether what begins as None may begin as zeros."""
Form = Any
"""Of a value: a tuple of (path, dtype, shape) for each tensor in it and (path, repr) for all else. It has a hash."""


@dataclass(frozen=True)
class Attribute:
    """`beginning`: what it holds before the first call, or zeros of what it holds after it."""

    name: str
    beginning: Any
    carried: bool = True
    """False for what is assigned and never read: no later call needs it."""
    as_zeros: bool = False


def attributes(model: Model, probes: Sequence[Probe], *, sequence: bool) -> list[Attribute]:
    """Those that change, in the model's order. Raises Problem for what AOTInductor's program cannot carry."""
    names, seen = _seen(model, probes, sequence=sequence)
    return [
        _attribute(model, name, seen[name])
        if sequence or in_place
        else Attribute(name, value_at(model, name), carried=False)
        for name, in_place in names.items()
    ]


def value_at(model: Model, name: str) -> Any:
    path, _, key = name.rpartition(".")
    return getattr(model.get_submodule(path), key, None)


def _seen(model: Model, probes: Sequence[Probe], *, sequence: bool) -> tuple[dict[str, bool], dict[str, list[Any]]]:
    """Whether each is written in place, or registered; and form and value after each call."""
    copy = copy_of(model) if sequence else model  # which has been called before
    before, names = memory.snapshot(copy), dict[str, bool]()
    registered = {name for name, _ in (*copy.named_buffers(), *copy.named_parameters())}
    forms: list[dict[str, tuple[Any, Any]]] = []
    for probe in probes if sequence else probes[:1]:
        eager.attempt(copy, probe.name, probe.call, probe.sizes)
        after = memory.snapshot(copy)
        for name in memory.changed(before, after):
            names[name] = name in registered or _in_place(name, before, after)
        before = after
        values = {name: value_at(copy, name) for name in names}
        forms.append({name: (_form(value), value) for name, value in values.items()})
    return names, {name: [form[name] for form in forms if name in form] for name in names}


def _in_place(name: str, before: memory.Snapshot[str, Any], after: memory.Snapshot[str, Any]) -> bool:
    ours = {path: id(seen.value) for path, seen in before.items() if seen.owner == name}
    return bool(ours) and ours == {path: id(seen.value) for path, seen in after.items() if seen.owner == name}


def _form(value: Any) -> Form:
    return tuple(
        (path, leaf.dtype, tuple(leaf.shape)) if isinstance(leaf, torch.Tensor) else (path, repr(leaf))
        for path, leaf in trees.leaves(value)
    )


def _attribute(model: Model, name: str, seen: list[tuple[Any, Any]]) -> Attribute:
    first = value_at(model, name)
    if len({form for form, _ in seen}) > 1:
        raise uncarried(name, "has another size or another value of Python's after each call")
    _require_tensors(name, seen[0][1])
    if _form(first) == seen[0][0]:
        return Attribute(name, first)
    if not _is_empty(first):
        raise uncarried(name, "is something else after the first call")
    return Attribute(name, _zeros(seen[0][1]), as_zeros=True)


def _is_empty(value: Any) -> bool:
    return value is None or (
        isinstance(value, (list, tuple, dict)) and not any(leaf is not None for _, leaf in trees.leaves(value))
    )


def _zeros(value: Any) -> Any:
    return trees.mapped(lambda _, leaf: torch.zeros_like(leaf) if isinstance(leaf, torch.Tensor) else leaf, value)


def _require_tensors(name: str, value: Any) -> None:
    try:
        trees.mapped(lambda _, leaf: leaf, value)
    except TypeError:
        raise uncarried(name, f"is an object, a {type(value).__name__}") from None
    leaves = [leaf for _, leaf in trees.leaves(value)]
    if not any(isinstance(leaf, torch.Tensor) for leaf in leaves):
        raise uncarried(name, f"is a {type(value).__name__} of Python's")
    odd = [leaf for leaf in leaves if not (isinstance(leaf, (torch.Tensor, bool, int, float, str)) or leaf is None)]
    if odd:
        raise uncarried(name, f"holds a {type(odd[0]).__name__}")


def uncarried(name: str, why: str) -> Problem:
    return Problem("unfaithful", f"--runtime aotinductor does not carry the state `{name}`: it {why}", HINT)


def require_zeros(model: Model, found: Iterable[Attribute], probes: Sequence[Probe]) -> tuple[str, ...]:
    """What is said of attributes that begin as None. Raises Problem where zeros are something else."""
    empty = [one for one in found if one.as_zeros]
    for given in _calls(probes[:TRIED]) if empty else ():
        ours, theirs = copy_of(model), copy_of(model)
        for one in empty:
            path, _, key = one.name.rpartition(".")
            setattr(theirs.get_submodule(path), key, _zeros(one.beginning))
        answers = [eager.attempt(each, "", given, {}) for each in (ours, theirs)]
        if not all(isinstance(answer, Probe) for answer in answers) or _differ(ours, theirs, answers, empty):
            raise uncarried(empty[0].name, "begins as None, and zeros in its place are answered otherwise")
    return tuple(f"`{one.name}` begins as zeros in the export, in the place of None" for one in empty)


def _calls(probes: Iterable[Probe]) -> list[Any]:
    """Theirs, and the same with the other sign."""
    plain = [probe.call for probe in probes]
    return plain + [{name: trees.mapped(_negated, value, name) for name, value in call.items()} for call in plain]


def _negated(_path: str, leaf: Any) -> Any:
    return -leaf - 1 if isinstance(leaf, torch.Tensor) and leaf.is_floating_point() else leaf


def _differ(ours: Model, theirs: Model, answers: Sequence[Any], empty: Iterable[Attribute]) -> bool:
    """In the answer, or in what is kept."""
    if difference(answers[0].expected, answers[1].expected, LOOSE):
        return True
    pairs = [(value_at(ours, one.name), value_at(theirs, one.name)) for one in empty]
    tensors = [
        (mine, other)
        for one, two in pairs
        for (_, mine), (_, other) in zip(trees.leaves(one), trees.leaves(two))
        if isinstance(mine, torch.Tensor)
    ]
    return any(
        mine.shape != other.shape or not torch.allclose(mine.double(), other.double(), 1e-5, 1e-6, equal_nan=True)
        for mine, other in tensors
    )
