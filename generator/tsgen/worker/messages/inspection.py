"""What is in a TorchScript file, as `tsgen inspect` tells it: the request, and its answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path  # noqa: TC003 - what reads JSON needs the annotations, and so do all below
from typing import Optional

from . import Dim, Scalar, Writes

Range = tuple[int, Optional[int]]
"""The least and the largest; None: any."""


@dataclass(frozen=True)
class InspectRequest:
    """`code` and `graph` are long and only wanted when asked for; `text` is the graph as torch prints it."""

    path: Path
    op_libraries: tuple[str, ...] = ()
    code: bool = False
    text: bool = False
    graph: bool = False


@dataclass(frozen=True)
class Value:
    """One input or output of a method."""

    name: str
    """A path, `images.*` for each element of a list; empty for what has no name."""
    kind: str = ""
    """Of tsgen's signature: tensor, int, float, bool, str, record, tuple, list, constant or none."""
    dtype: str = ""
    shape: Optional[tuple[Dim, ...]] = None
    """None when the rank varies, or is not known."""
    optional: bool = False
    type: str = ""
    """What TorchScript declares, `List[Tensor]`; in tsgen's signature the class of a record, or of a constant."""
    constant: Scalar = None
    default: Optional[str] = None
    """As Python writes it."""


@dataclass(frozen=True)
class MethodSeen:
    """A method: forward, one marked @torch.jit.export, or one that forward calls of the model itself."""

    name: str
    schema: str
    """As TorchScript declares it; empty when the file could not be loaded."""
    described_by: str
    """`signature.tsgen`, tsgen's own text in the file, or `schema`: types, but no dtypes and shapes."""
    inputs: tuple[Value, ...]
    outputs: tuple[Value, ...]
    dims: dict[str, int] = field(default_factory=dict)
    """The example size of each dynamic dimension."""
    writes: Writes = field(default_factory=Writes)
    ranges: dict[str, Range] = field(default_factory=dict)
    """The least and the largest size of a dimension, where not every size fits; null: any."""


@dataclass(frozen=True)
class Producer:
    """What the file says about its making; empty where it says nothing, as only tsgen's own files do."""

    torch_version: str
    model: str
    method: str
    file_version: Optional[int]
    """The lowest that its operators need, whichever torch wrote it."""
    remarks: tuple[str, ...] = ()
    """What a program must know to call it right: a quantized engine, operator libraries, state, how it is called."""


@dataclass(frozen=True)
class TensorSeen:
    name: str
    kind: str
    """`parameter` or `buffer`."""
    dtype: str
    shape: tuple[int, ...]
    bytes: int
    storage: int
    """Tensors with the same number share their bytes."""


@dataclass(frozen=True)
class Submodule:
    """What a submodule and its own submodules hold; shared bytes count once."""

    name: str
    """A path; the model itself has the empty one."""
    class_name: str
    parameters: int
    buffers: int
    bytes: int
    dtypes: dict[str, int]
    """Bytes by dtype."""


@dataclass(frozen=True)
class OperatorSeen:
    name: str
    count: int
    """How often it stands in the methods, every call written out; in the source, when the file could not be loaded."""
    in_libtorch: bool
    """Whether LibTorch itself has its namespace."""
    registered: bool
    """Whether the Python that looked has it."""


@dataclass(frozen=True)
class SourceSeen:
    """TorchScript source of a method, or of a whole file of an archive that could not be loaded."""

    module: str
    class_name: str
    method: str
    text: str


@dataclass(frozen=True)
class GraphText:
    """The graph as torch prints it, the calls of submodules and functions written out."""

    method: str
    text: str


@dataclass(frozen=True)
class Inspection:
    """What `tsgen inspect` reports."""

    file: Path
    bytes: int
    loaded: bool
    """False when an operator is missing: then the rest is what the archive tells."""
    missing_operators: tuple[str, ...]
    read_by: str
    """The version of the torch that looked."""
    class_name: str
    produced_by: Producer
    methods: tuple[MethodSeen, ...]
    tensors: tuple[TensorSeen, ...]
    submodules: tuple[Submodule, ...]
    operators: tuple[OperatorSeen, ...]
    archive: dict[str, int]
    """Unpacked bytes of the archive's parts: code, data (tensors), constants, extra, other."""
    code: Optional[tuple[SourceSeen, ...]] = None
    """Only with --code."""
    graph: Optional[tuple[GraphText, ...]] = None
    """Only with --graph."""
    drawings: tuple[Path, ...] = ()
    """The file that --graph-dot wrote, if any."""


@dataclass(frozen=True)
class Step:
    """One node of a graph. What only names a constant or an attribute is no step: it stands among the arguments."""

    operator: str
    label: str
    arguments: tuple[tuple[str, str], ...]
    """Name (may be empty) and value: `%x` is what another step gives, anything else is meant as it stands."""
    outputs: tuple[tuple[str, str], ...]
    """Name and type."""
    source: str
    """`model.py:12`, where the file says it."""
    call: Optional[tuple[str, str]]
    """Submodule and method."""
    blocks: tuple[Block, ...]
    """Of a branch or a loop."""


@dataclass(frozen=True)
class Block:
    inputs: tuple[tuple[str, str], ...]
    """Name and type."""
    steps: tuple[Step, ...]
    outputs: tuple[str, ...]


@dataclass(frozen=True)
class MethodGraph:
    """The graph of a method, to be drawn."""

    module: str
    """A path; the model itself has the empty one."""
    class_name: str
    method: str
    body: Block


@dataclass(frozen=True)
class InspectAnswer:
    inspection: Inspection
    graphs: tuple[MethodGraph, ...] = ()
    """Only when asked for: first the methods of the module itself, then in the order of the calls."""
