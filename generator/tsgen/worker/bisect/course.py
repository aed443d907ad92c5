"""The calls that lead to the answer which is compared, made once in each place."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import torch

from ..calls.forward import arguments
from ..export.cases import name_of
from ..messages import Problem
from ..reference.eager import copied
from ..reference.view import entry
from ..values import npy
from ..values.flatten import leaves_in, tree_of
from ..values.names import encode

if TYPE_CHECKING:
    from pathlib import Path

    from ..aliases import Model, Value
    from ..messages.bisection import BisectRequest
    from ..reference.eager import Probe
    from ..values.flatten import Leaf

TIMES = 3
"""The program compares its third call: the first is interpreted, from the second on the graph is optimised."""


@dataclass(frozen=True)
class Course:
    """`steps`: a model that keeps state is called with all that came before; any other with the same thing again."""

    steps: list[Probe]
    saved: list[Path]
    """The folder of each step's case."""
    takes: list[list[str]] | None = None
    """Of a flat export: the names of the leaves, in order, of each step."""
    select: tuple[int, ...] = ()
    notes: list[str] = field(default_factory=list)

    def eager(self, model: Model, number: int, watcher: Any) -> Any:
        called = entry(model, self.steps[number].method)
        positional, named = arguments(called, copied(self.steps[number].call))
        return _called(called, positional, named, watcher)

    def exported(self, module: Any, number: int, watcher: Any = None) -> Any:
        """The exported file, or the method of it that the step calls."""
        probe = self.steps[number]
        if self.takes is None or probe.method:
            called = getattr(module, probe.method) if probe.method else module
            positional, named = arguments(called, copied(probe.call))
            return _called(called, positional, named, watcher)
        given = {leaf.name: leaf.tensor.clone() for leaf in leaves_in(probe.inputs)}
        return _called(module, [given[name] for name in self.takes[number]], {}, watcher)

    def answer(self, output: Value) -> list[Leaf]:
        """The leaves of what the exported file's forward returned, of the part of it that `select` names."""
        for index in self.select:
            output = output[index]
        return leaves_in(tree_of(output))


def _called(entry: Any, positional: list[Any], named: dict[str, Any], watcher: Any) -> Any:
    """The watcher does not see how the copies of the inputs are made."""
    with torch.no_grad(), watcher or contextlib.nullcontext():
        return entry(*positional, **named)


def course(request: BisectRequest, probes: list[Probe], words: dict[str, list[str]], *, sequence: bool) -> Course:
    """Raises Problem when no call of the model as it is now has the name of the case."""
    known = [probe if sequence else replace(probe, method=request.method) for probe in probes if probe.case]
    names = [name_of(probe.name, "" if sequence else request.method) for probe in known]
    if request.case not in names:
        raise Problem(
            "unsupported",
            f"the case {request.case} is none of those the model gives now: {', '.join(names)}",
            "its source changed since the export: `tsgen build` exports it again",
        )
    last = names.index(request.case)
    steps = known[: last + 1] if sequence else [known[last]] * TIMES
    saved = [request.artifact.parent / "cases" / name for name in (names if sequence else [request.case] * TIMES)]
    pairs = list(zip(steps, saved))
    flat = "flat" in words.get("call", ())
    select = tuple(int(part) for word in words.get("select", ()) for part in word.split("."))
    changed = any(_changed(probe, folder) for probe, folder in pairs)
    return Course(
        steps,
        saved,
        [[leaf.name for leaf in _given(probe, folder)] for probe, folder in pairs] if flat else None,
        () if request.method else select,
        [f"the source now gives other inputs than case {request.case} has; they were taken"] if changed else [],
    )


def write(folder: Path, course: Course) -> list[str]:
    """The cases that call the program so; an answer has to lie beside them and is the one that was saved."""
    names = [f"step-{number}" for number in range(1, len(course.steps) + 1)]
    for name, step, saved in zip(names, course.steps, course.saved):
        (folder / name).mkdir(parents=True)
        for leaf in _given(step, saved):
            npy.write(folder / name / _file(leaf), leaf.tensor, leaf.dtype)
        for file in saved.glob("output.*.npy"):
            (folder / name / file.name).write_bytes(file.read_bytes())
    return names


def _given(probe: Probe, saved: Path) -> list[Leaf]:
    """Without those that the export has fixed."""
    return [leaf for leaf in leaves_in(probe.inputs) if (saved / _file(leaf)).is_file()]


def _changed(probe: Probe, saved: Path) -> bool:
    return any(
        (saved / _file(leaf)).read_bytes() != npy.header(leaf.dtype, leaf.shape) + npy.raw_bytes(leaf.tensor)
        for leaf in _given(probe, saved)
    )


def _file(leaf: Leaf) -> str:
    return f"input.{encode(leaf.name)}.npy"
