"""The signature: leaves with dtypes and shapes, as JSON for tsgen and as the text that travels inside the artifact."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .names import encode
from .protocol import Problem

if TYPE_CHECKING:
    from .eager import Probe
    from .inputs import Plan
    from .protocol import Dim

EXTRA_FILE = "signature.tsgen"
FORMAT = 1


@dataclass(frozen=True)
class Described:
    """A leaf; `shape` is None when its rank depends on the values."""

    name: str
    dtype: str
    shape: tuple[Dim, ...] | None

    def as_json(self) -> dict[str, Any]:
        return {"name": self.name, "dtype": self.dtype, "shape": None if self.shape is None else list(self.shape)}

    def as_line(self, kind: str) -> str:
        dims = "?" if self.shape is None else ",".join(map(str, self.shape))
        return "\t".join((kind, encode(self.name), self.dtype, dims))


@dataclass(frozen=True)
class Signature:
    inputs: tuple[Described, ...]
    outputs: tuple[Described, ...]
    dims: dict[str, int]

    def as_json(self) -> dict[str, Any]:
        return {
            "inputs": [leaf.as_json() for leaf in self.inputs],
            "outputs": [leaf.as_json() for leaf in self.outputs],
        }

    def as_text(self, *, model: str, method: str, torch_version: str) -> str:
        lines = [
            f"tsgen-signature\t{FORMAT}",
            f"model\t{' '.join(model.split())}",
            f"method\t{method}",
            f"torch\t{torch_version}",
            *(f"dim\t{name}\t{size}" for name, size in self.dims.items()),
            *(leaf.as_line("input") for leaf in self.inputs),
            *(leaf.as_line("output") for leaf in self.outputs),
        ]
        return "\n".join(lines) + "\n"


def infer(plan: Plan, probes: list[Probe]) -> Signature:
    """Raises Problem when the outputs differ in number, names or dtypes from one input to another."""
    _check_alike(probes)
    inputs = tuple(Described(entry.name, entry.dtype, entry.shape) for entry in plan.inputs)
    fresh = _FreshNames(set(plan.sizes))
    outputs = tuple(
        Described(leaf.name, leaf.dtype, _shape([probe.expected[index].shape for probe in probes], probes, fresh))
        for index, leaf in enumerate(probes[0].expected)
    )
    return Signature(inputs, outputs, dict(plan.sizes))


def _check_alike(probes: list[Probe]) -> None:
    first = [(leaf.name, leaf.dtype) for leaf in probes[0].expected]
    for probe in probes[1:]:
        other = [(leaf.name, leaf.dtype) for leaf in probe.expected]
        if other != first:
            raise Problem(
                "unsupported",
                f"the outputs change with the input: {_listed(first)} on '{probes[0].name}', "
                f"{_listed(other)} on '{probe.name}'",
                "let forward always return the same outputs",
            )


def _listed(leaves: list[tuple[str, str]]) -> str:
    return ", ".join(f"{name} {dtype}" for name, dtype in leaves)


class _FreshNames:
    def __init__(self, taken: set[str]) -> None:
        self._taken = taken
        self._next = 0

    def make(self) -> str:
        while f"d{self._next}" in self._taken:
            self._next += 1
        self._taken.add(f"d{self._next}")
        return f"d{self._next}"


def _shape(shapes: list[tuple[int, ...]], probes: list[Probe], fresh: _FreshNames) -> tuple[Dim, ...] | None:
    if len({len(shape) for shape in shapes}) > 1:
        return None
    return tuple(_dim([shape[axis] for shape in shapes], probes, fresh) for axis in range(len(shapes[0])))


def _dim(seen: list[int], probes: list[Probe], fresh: _FreshNames) -> Dim:
    """A number when it never changed; the input dimension that it equals in every run; else a name of its own."""
    if len(set(seen)) == 1:
        return int(seen[0])
    for name in probes[0].sizes:
        if seen == [probe.sizes[name] for probe in probes]:
            return name
    return fresh.make()
