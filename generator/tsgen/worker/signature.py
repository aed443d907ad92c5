"""The signature: a tree of nodes, as JSON for tsgen and as the text that travels inside the artifact."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from . import merge
from .defaults import defaults_of, examples_of, plain
from .names import encode

if TYPE_CHECKING:
    from .eager import Probe
    from .merge import Node

EXTRA_FILE = "signature.tsgen"
FORMAT = 2


@dataclass(frozen=True)
class Signature:
    inputs: tuple[Node, ...]
    outputs: tuple[Node, ...]
    dims: dict[str, int]
    """The example size of each dynamic dimension of the inputs."""

    def as_json(self) -> dict[str, Any]:
        return {
            "inputs": [node.as_json() for node in self.inputs],
            "outputs": [node.as_json() for node in self.outputs],
        }

    def lines(self) -> list[str]:
        return [
            *(f"dim\t{name}\t{size}" for name, size in self.dims.items()),
            *(f"input\t{_line(node)}" for node in self.inputs),
            *(f"output\t{_line(node)}" for node in self.outputs),
        ]


@dataclass(frozen=True)
class Facts:
    """What the program must know of an artifact besides its signature."""

    model: str
    method: str
    torch_version: str
    flat: bool = False
    """forward takes and returns the leaves as tensors, by position."""
    select: tuple[int, ...] = ()
    """Where the answer lies in what forward returns."""
    engine: str = ""
    """Of quantized operators; must be set before the file is loaded."""
    sequence: bool = False
    libraries: tuple[tuple[str, str], ...] = ()
    """(namespace, file) of the operators that LibTorch does not have."""

    def lines(self) -> list[str]:
        return [
            f"model\t{' '.join(self.model.split())}",
            f"method\t{self.method}",
            f"torch\t{self.torch_version}",
            *(["call\tflat"] if self.flat else []),
            *([f"select\t{'.'.join(map(str, self.select))}"] if self.select else []),
            *([f"engine\t{self.engine}"] if self.engine else []),
            *(f"library\t{namespace}\t{file}" for namespace, file in self.libraries),
            *(["sequence\ttrue"] if self.sequence else []),
        ]


@dataclass(frozen=True)
class Described:
    """The signature of forward and of each exported method."""

    forward: Signature
    methods: dict[str, Signature] = field(default_factory=dict)

    def as_text(self, facts: Facts) -> str:
        lines = [f"tsgen-signature\t{FORMAT}", *facts.lines(), *self.forward.lines()]
        for name, signature in self.methods.items():
            lines += [f"entry\t{encode(name)}", *signature.lines()]
        return "\n".join(lines) + "\n"


def infer(probes: list[Probe], model: Any = None, *, without: frozenset[str] = frozenset()) -> Signature:
    """From what went in and came out. `model`: whose method was called, for the defaults of its inputs. `without`:
    paths of inputs that the export has fixed.

    Raises Problem when inputs or outputs differ in structure or dtype from one call to another beyond what a
    signature can say.
    """
    fresh = merge.Dims([probe.sizes for probe in probes])
    merged = merge.merged_call([probe.inputs for probe in probes], fresh)
    inputs = [node for node in merged if node.name not in without]
    if model is not None:
        inputs = _with_values(inputs, probes, model)
    outputs = merge.merged_answer([probe.answer for probe in probes], fresh)
    used = {dim for node in inputs for dim in node.shape or () if isinstance(dim, str)}
    dims = {name: size for name, size in probes[0].sizes.items() if name in used}
    dims.update({name: size for name, size in fresh.made.items() if name in used})
    return Signature(tuple(inputs), tuple(outputs), dims)


def _with_values(inputs: list[Node], probes: list[Probe], model: Any) -> list[Node]:
    defaults, example = defaults_of(model, [probe.call for probe in probes]), examples_of(probes[0].call)
    return [
        replace(node, default=plain(defaults, node.name, node.kind), example=plain(example, node.name, node.kind))
        for node in inputs
    ]


def _line(node: Node) -> str:
    kind = node.kind + ("?" if node.optional else "")
    return "\t".join((encode(node.name), kind, *_rest(node)))


def _rest(node: Node) -> tuple[str, ...]:
    if node.kind == "tensor":
        return node.dtype, "?" if node.shape is None else ",".join(map(str, node.shape))
    if node.kind == "record":
        return (encode(node.type),)
    if node.kind == "constant":
        return node.type, encode(_shown(node.value))
    return () if node.default is None else (encode(_shown(node.default)),)


def _shown(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
