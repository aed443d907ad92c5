"""Weights from a file into a model: every tensor must fit, and its own load_state_dict is the judge."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch

from ..messages import Problem, weights_file
from ..suggest import format_names
from . import fit, found, names
from .file import read

if TYPE_CHECKING:
    from ..aliases import Model
    from ..messages import ExportRequest
    from .found import Held
    from .names import Form


@dataclass(frozen=True)
class Weights:
    """The files that the export now depends on, and what the user should know of how they were read."""

    files: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Fitting:
    """One that the model took."""

    held: Held
    form: Form

    @property
    def where(self) -> str:
        return ".".join(part for part in (self.held.where, self.form.prefix) if part)


def load_named(model: Model, request: ExportRequest) -> Weights:
    """The request's file, if it names one."""
    named = request.weights not in ("none", "DEFAULT")
    return load_file(model, request.weights, unsafe=request.unsafe_pickle) if named else Weights()


def load_file(model: Model, name: str, *, unsafe: bool) -> Weights:
    """Loads in place: `FILE`, or `FILE#key` of a file that has several. Raises Problem."""
    file, key = weights_file(name)
    path = Path(file)
    candidates = found.held(path, read(path, unsafe=unsafe), key)
    fitting = [_Fitting(held, form) for held in candidates for form in _fitting(model, held)]
    if not fitting:
        raise fit.misfit(path, model, [held.state for held in candidates])
    chosen = fitting[0]
    if len(fitting) > 1:
        _check_same(path, fitting)
        fit.load(model, chosen.form.state)  # over what the others left
    return Weights((str(path.resolve()),), _notes(path, chosen, key))


def _fitting(model: Model, held: Held) -> list[Form]:
    """Without any change to its names, else under each prefix that fits."""
    fitting: list[Form] = []
    for form in names.forms(held.state, model):
        if fitting and not fitting[0].prefix:
            break
        if fit.load(model, form.state):
            fitting.append(form)
    return fitting


def _check_same(path: Path, fitting: list[_Fitting]) -> None:
    """Several that hold the same are one."""
    first = fitting[0].form.state
    if all(_same(first, other.form.state) for other in fitting[1:]):
        return
    raise Problem(
        "bad_weights",
        f"{path.name} holds {len(fitting)} sets of weights that fit the model: "
        f"{format_names([entry.where or 'the whole' for entry in fitting])}",
        f"choose one of them by its key: --weights {path.name}#{fitting[-1].where}",
    )


def _same(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return one.keys() == other.keys() and all(_equal(value, other[name]) for name, value in one.items())


def _equal(one: Any, other: Any) -> bool:
    if isinstance(one, torch.Tensor) and isinstance(other, torch.Tensor):
        return one.dtype == other.dtype and bool(torch.equal(one, other))
    return one is other


def _notes(path: Path, chosen: _Fitting, key: str) -> tuple[str, ...]:
    form, where = chosen.form, chosen.held.where
    said = [
        f"those under `{where}`" if where and where != key else "",
        f"without {format_names([f'`{part}`' for part in form.removed])} in their names" if form.removed else "",
        f"without the file's {format_names(form.left_out, most=4)}" if form.left_out else "",
    ]
    words = ", ".join(part for part in said if part)
    return (f"the weights of {path.name} are taken: {words}",) if words else ()
