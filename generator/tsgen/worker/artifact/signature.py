"""The signature of a model, found by calling it, and the text that travels inside the artifact."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ..calls.defaults import defaults_of, examples_of, plain
from ..messages import Signature, Writes
from ..signature_text import lines
from ..values import merge
from ..values.names import encode

if TYPE_CHECKING:
    from ..aliases import Model
    from ..messages import Node
    from ..operators import Library
    from ..reference.eager import Probe

EXTRA_FILE = "signature.tsgen"
FORMAT = 2
FORWARD = "forward"


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
    tune: str = ""
    """What the program must do to the file, or with it; empty: nothing."""
    sequence: bool = False
    libraries: tuple[Library, ...] = ()
    settings: tuple[tuple[str, str], ...] = ()
    """Of the process, by name: what the model's code set, and the program sets too."""
    gradients: bool = False
    """forward differentiates."""
    differentiated: tuple[str, ...] = ()
    """The inputs that must require gradients."""
    cpu_only: str = ""
    """What keeps it on the CPU."""
    device_unchecked: str = ""
    """For Python alone: why that is not known."""

    def lines(self) -> list[str]:
        return [
            f"model\t{' '.join(self.model.split())}",
            f"method\t{self.method}",
            f"torch\t{self.torch_version}",
            *(["call\tflat"] if self.flat else []),
            *([f"select\t{'.'.join(map(str, self.select))}"] if self.select else []),
            *([f"engine\t{self.engine}"] if self.engine else []),
            *([f"tune\t{self.tune}"] if self.tune else []),
            *map(_library, self.libraries),
            *(["sequence\ttrue"] if self.sequence else []),
            *(f"setting\t{name}\t{value}" for name, value in self.settings),
            *(["gradients\ttrue"] if self.gradients else []),
            *(f"requires_grad\t{encode(name)}" for name in self.differentiated),
            *([f"cpu_only\t{' '.join(self.cpu_only.split())}"] if self.cpu_only else []),
        ]


def _library(library: Library) -> str:
    """With its operators: a program that has them all from elsewhere must not load the library a second time."""
    words = ("library", library.namespace, library.file, ",".join(library.calls), ",".join(library.registers))
    return "\t".join(words).rstrip("\t")


def writing(signature: Signature, found: dict[str, Writes]) -> Signature:
    """The signature with what each method was found to write, by its name."""
    methods = {name: replace(each, writes=found.get(name, Writes())) for name, each in signature.methods.items()}
    return replace(signature, writes=found.get(FORWARD, Writes()), methods=methods)


def text_of(signature: Signature, facts: Facts) -> str:
    return "\n".join([f"tsgen-signature\t{FORMAT}", *facts.lines(), *lines(signature)]) + "\n"


def infer(probes: list[Probe], model: Model = None, *, without: frozenset[str] = frozenset()) -> Signature:
    """The signature of what went in and came out.

    `model`: whose method was called, for the defaults of its inputs. `without`: paths of inputs that the export has
    fixed.

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


def _with_values(inputs: list[Node], probes: list[Probe], model: Model) -> list[Node]:
    defaults, example = defaults_of(model, [probe.call for probe in probes]), examples_of(probes[0].call)
    return [
        replace(node, default=plain(defaults, node.name, node.kind), example=plain(example, node.name, node.kind))
        for node in inputs
    ]
