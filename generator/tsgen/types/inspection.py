"""What is in a TorchScript file, as `tsgen inspect` tells it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path  # noqa: TC003 - the JSON schema is generated from these annotations

from tsgen.types.words import Dimension  # noqa: TC001 - the JSON schema is generated from these annotations


@dataclass(frozen=True, kw_only=True)
class Value:
    """One input or output of a method."""

    name: str
    """A path, `images.*` for each element of a list; empty for what has no name."""
    kind: str = ""
    """Of tsgen's signature: tensor, int, float, bool, str, record, tuple, list, constant or none."""
    dtype: str = ""
    shape: tuple[Dimension, ...] | None = None
    """None when the rank varies, or is not known."""
    optional: bool = False
    type: str = ""
    """What TorchScript declares, `List[Tensor]`; in tsgen's signature the class of a record, or of a constant."""
    constant: str | float | bool | None = None
    default: str | None = None
    """As Python writes it."""

    def __str__(self) -> str:
        if self.kind == "tensor":
            shape = "?" if self.shape is None else ",".join(map(str, self.shape))
            return f"{self.dtype}[{shape}]{'?' if self.optional else ''}"
        if self.kind == "constant":
            return f"{self.type} = {self.constant!r}"
        word = " ".join(part for part in (self.kind, self.type) if part)
        default = f" = {self.default}" if self.default is not None else ""
        return f"{word}{'?' if self.optional else ''}{default}"


@dataclass(frozen=True, kw_only=True)
class MethodSeen:
    """forward, a method marked @torch.jit.export, or one that forward calls of the model itself."""

    name: str
    schema: str
    """As TorchScript declares it; empty when the file could not be loaded."""
    described_by: str
    """`signature.tsgen`, tsgen's own text in the file, or `schema`: types, but no dtypes and shapes."""
    inputs: tuple[Value, ...]
    outputs: tuple[Value, ...]
    dims: dict[str, int] = field(default_factory=dict)
    """The example size of each dynamic dimension."""


@dataclass(frozen=True, kw_only=True)
class Producer:
    """What the file says about its making; empty where it says nothing, as only tsgen's own files do."""

    torch_version: str
    model: str
    method: str
    file_version: int | None
    """The lowest that its operators need, whichever torch wrote it."""
    remarks: tuple[str, ...] = ()
    """What a program must know to call it right: a quantized engine, operator libraries, state, how it is called."""


@dataclass(frozen=True, kw_only=True)
class TensorSeen:
    name: str
    kind: str
    """`parameter` or `buffer`."""
    dtype: str
    shape: tuple[int, ...]
    bytes: int
    storage: int
    """Tensors with the same number share their bytes."""


@dataclass(frozen=True, kw_only=True)
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


@dataclass(frozen=True, kw_only=True)
class OperatorSeen:
    name: str
    count: int
    """How often it stands in the methods, every call written out; in the source, when the file could not be loaded."""
    in_libtorch: bool
    """Whether LibTorch itself has its namespace."""
    registered: bool
    """Whether the Python that looked has it."""


@dataclass(frozen=True, kw_only=True)
class SourceSeen:
    """TorchScript source of a method, or of a whole file of an archive that could not be loaded."""

    module: str
    class_name: str
    method: str
    text: str


@dataclass(frozen=True, kw_only=True)
class GraphText:
    """The graph as torch prints it, the calls of submodules and functions written out."""

    method: str
    text: str


@dataclass(frozen=True, kw_only=True)
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
    code: tuple[SourceSeen, ...] | None = None
    """Only with --code."""
    graph: tuple[GraphText, ...] | None = None
    """Only with --graph."""
    drawings: tuple[Path, ...] = ()
    """The files that --graph-dot and --graph-html wrote."""
