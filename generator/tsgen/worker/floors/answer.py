"""What eager Python answers in float64 to the cases of an export that was made without."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import torch

from ..export import answer, cases, noise
from ..messages.floors import FloorsAnswer
from ..values import npy
from ..values.compare import difference
from ..values.dtypes import dtype_named
from ..values.flatten import leaves_in
from ..values.names import encode

if TYPE_CHECKING:
    from pathlib import Path

    from ..messages.floors import FloorsRequest
    from ..reference.eager import Probe
    from ..values.flatten import Leaf


def floors(request: FloorsRequest) -> FloorsAnswer:
    """The output folder then holds the answers in float64. Raises Problem."""
    begun = answer.begin(request.export)
    probed, tolerance = begun.probed, request.export.tolerance
    named = cases.named(probed.probes, begun.entries.probes, sequence=probed.sequence)
    entries = [entry for entry in named if (request.cases / entry[0]).is_dir()]
    saved = [noise.Saved(*entry, _outputs(request.cases / entry[0], entry[2])) for entry in entries]
    unlike = [one for one in saved if _inputs_differ(request.cases / one.name, one.probe)]
    unlike += [one for one in saved if difference(_same(one), one.outputs, tolerance)]
    if unlike or len(saved) < sum(path.is_dir() for path in request.cases.iterdir()):
        return FloorsAnswer(tuple(replace(one, lacks="changed") for one in noise.outputs(saved)))
    return FloorsAnswer(noise.write(request.export.output, probed.model, saved, tolerance))


def _outputs(folder: Path, probe: Probe) -> list[Leaf]:
    """As they were saved, for another machine may have made them; one that has another form is left out."""
    read = ((leaf, _read(folder / f"output.{encode(leaf.name)}.npy", leaf)) for leaf in probe.expected)
    return [replace(leaf, tensor=tensor) for leaf, tensor in read if tensor is not None]


def _read(path: Path, leaf: Leaf) -> torch.Tensor | None:
    """A file that npy.write wrote of a tensor like the leaf's; None for any other."""
    head = npy.header(leaf.dtype, leaf.shape)
    content = path.read_bytes() if path.is_file() else b""
    if not content.startswith(head):
        return None
    values = bytearray(content[len(head) :])
    return torch.frombuffer(values, dtype=dtype_named(leaf.dtype)).reshape(leaf.shape) if values else leaf.tensor


def _same(saved: noise.Saved) -> list[Leaf]:
    """What Python answers now where an answer was saved."""
    names = {leaf.name for leaf in saved.outputs}
    return [leaf for leaf in saved.probe.expected if leaf.name in names]


def _inputs_differ(folder: Path, probe: Probe) -> bool:
    """What the export has fixed has no file."""
    files = ((folder / f"input.{encode(leaf.name)}.npy", leaf) for leaf in leaves_in(probe.inputs))
    return any(
        path.is_file() and path.read_bytes() != npy.header(leaf.dtype, leaf.shape) + npy.raw_bytes(leaf.tensor)
        for path, leaf in files
    )
