"""The protocol: what tsgen asks its worker, and what the worker answers. Each is a JSON file of these values.

The worker imports this module, and so does tsgen, as `tsgen.worker.messages`: it needs the standard library and Python
3.9, and nobody else spells these fields.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field, fields
from pathlib import Path  # noqa: TC003 - what reads JSON needs the annotations
from typing import Any, Literal, Optional, Union

from .noise import NoiseFloor  # noqa: TC001 - what reads JSON needs the annotations

FORMAT = 2
"""Of requests and answers."""

FailureKind = Literal[
    "bad_file", "bad_input", "bad_weights", "input_needed", "internal", "model_raised", "no_torch", "unfaithful",
    "unknown_model", "unsafe", "unsupported", "write_failed",
]  # fmt: skip
"""Of the failures that the worker answers with: a closed set, by which the generator chooses the exit code."""
Dim = Union[int, str]
"""A size, or the name of a dynamic dimension, or OPEN."""
OPEN = "?"
"""A dimension of an output that is as long as values say, although no call that was tried shows it."""
Kind = Literal["tensor", "int", "float", "bool", "str", "record", "tuple", "list", "constant", "none"]
"""What a value of a signature is: a leaf that travels, a group, or a place that never changes."""
GroupKind = Literal["record", "tuple", "list"]
Call = Literal["nested", "flat"]
Scalar = Union[bool, int, float, str, None]

DTYPES = (
    *("uint8", "int8", "int16", "int32", "int64", "float16", "bfloat16", "float32", "float64"),
    *("bool", "complex64", "complex128", "uint16", "uint32", "uint64"),
)
GROUPS = ("record", "tuple", "list")
FIXED = ("constant", "none")
AOTINDUCTOR_FLOOR = (2, 14)
"""The first torch whose sources were built and proven."""


class Problem(Exception):  # noqa: N818 - the answer's word for it; most are the user's to solve
    """An expected failure, in the user's terms; becomes the `error` of the response."""

    def __init__(self, kind: FailureKind, message: str, hint: str = "", traceback: str = "") -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message
        self.hint = hint
        self.traceback = traceback


@dataclass(frozen=True)
class Failure:
    """`error` of an answer that is not ok."""

    kind: FailureKind
    message: str
    hint: str = ""
    traceback: str = ""
    """Of the user's own code, or of a bug in tsgen."""


@dataclass(frozen=True)
class Tolerance:
    """|actual - expected| <= atol + rtol * |expected|, per value."""

    rtol: float
    atol: float


@dataclass(frozen=True)
class InputRequest:
    """One --input. `name` and `dtype` may be left to the model."""

    name: Optional[str] = None
    """A path: `x`, `images.0`, `batch.mask`."""
    dtype: Optional[str] = None
    shape: tuple[Dim, ...] = ()
    sizes: dict[str, int] = field(default_factory=dict)
    """The example sizes that were given for named dimensions."""
    high: Optional[int] = None
    """Integers are drawn from [0, high)."""
    is_value: bool = False
    """No tensor, but `value`: a Python number, string, bool or None."""
    value: Scalar = None


def weights_file(word: str) -> tuple[str, str]:
    """The file and the key in it that `FILE#key` names; a file that is called so is one without a key."""
    file, mark, key = word.rpartition("#")
    return (word, "") if not mark or os.path.exists(word) else (file, key)  # noqa: PTH110 - a word, not yet a path


@dataclass(frozen=True)
class ExportRequest:
    """Everything that decides what is exported; see docs/reference/tsgen-toml.md for the meaning of the words."""

    source: dict[str, str]
    label: str
    output: Path
    """An empty folder."""
    model_args: dict[str, Any] = field(default_factory=dict)
    weights: str = "none"
    seed: int = 0
    inputs: tuple[InputRequest, ...] = ()
    method: str = "auto"
    without: dict[str, str] = field(default_factory=dict)
    """The methods that are not tried, for they ended the Python of a worker before this one: how, in words."""
    tune: str = "none"
    reinit_weights: bool = False
    unsafe_pickle: bool = False
    preprocess: str = ""
    op_libraries: tuple[str, ...] = ()
    linked_libraries: tuple[str, ...] = ()
    """Loaded like op_libraries, but part of the program: they are not shipped."""
    tolerance: dict[str, Tolerance] = field(default_factory=dict)
    """By dtype."""
    runtime: str = "torchscript"
    packaged: bool = False
    """Of aotinductor: a library for this kind of CPU, in the place of sources."""
    search_path: tuple[str, ...] = ()
    """Where `package.module:factory` is looked for besides the installed packages."""

    @property
    def portable_label(self) -> str:
        """The model spec without its folders, which mean nothing to who gets the file."""
        if "path" not in self.source:
            return self.label
        name = os.path.basename(os.path.normpath(self.source["path"]))  # noqa: PTH119 - of the path's words alone
        prefix = "hf:" if self.source["kind"] == "hf_folder" else ""
        return ":".join([prefix + name, *filter(None, [self.source.get("attribute")])])


@dataclass(frozen=True)
class Node:
    """One value of a signature, or a group of values; a group comes before its children."""

    name: str
    """Its path: `x`, `batch.mask`, `0.boxes`. `*` stands for each element of a list, an empty name for all outputs."""
    kind: Kind = "tensor"
    dtype: str = ""
    """Of a tensor."""
    shape: Optional[tuple[Dim, ...]] = ()
    """Of a tensor; None when even the rank varies."""
    optional: bool = False
    """It may be left out: None in Python."""
    type: str = ""
    """Of a record, the Python class it came from, if it has one; of a constant, `int`, `float`, `bool` or `str`."""
    value: Scalar = None
    """Of a constant: what Python always answers. It is in no file."""
    default: Scalar = None
    """Of a number or text that goes in: Python's default, if it has one. A float that JSON does not know is the text
    `inf`, `-inf` or `nan`."""
    example: Scalar = None
    """Of a number or text that goes in: what the first case has, in the same form."""

    def as_json(self) -> dict[str, Any]:
        """The node's JSON, without what has its default value."""
        known: dict[str, Any] = {"name": self.name, "kind": self.kind}
        if self.kind == "tensor":
            known.update(dtype=self.dtype, shape=None if self.shape is None else list(self.shape))
        if self.kind == "constant":
            known["value"] = self.value
        rest: dict[str, Any] = {"optional": self.optional or None, "type": self.type or None}
        rest.update(default=self.default, example=self.example)
        return {**known, **{key: item for key, item in rest.items() if item is not None}}


@dataclass(frozen=True)
class Writes:
    """What a call may write besides its answer; both empty: calls do not see one another."""

    state: tuple[str, ...] = ()
    """Buffers, parameters and attributes of the model, by their paths."""
    inputs: tuple[str, ...] = ()
    """Leaves among the inputs that a call changes in place, or keeps in the model."""

    def __bool__(self) -> bool:
        return bool(self.state or self.inputs)


@dataclass(frozen=True)
class Signature:
    inputs: tuple[Node, ...]
    outputs: tuple[Node, ...]
    dims: dict[str, int] = field(default_factory=dict)
    """The example size of each dynamic dimension of the inputs."""
    methods: dict[str, Signature] = field(default_factory=dict)
    """Of the exported methods besides forward."""
    writes: Writes = field(default_factory=Writes)

    def as_json(self) -> dict[str, Any]:
        """`signature`, `dims` and `methods`, as an answer and manifest.json have them; `joined` reads it."""
        methods = {name: {**each.sides(), "dims": each.dims} for name, each in self.methods.items()}
        return {"signature": self.sides(), "dims": self.dims, "methods": methods}

    def sides(self) -> dict[str, Any]:
        writes = {"writes": {name: list(paths) for name, paths in vars(self.writes).items()}} if self.writes else {}
        inputs, outputs = ([node.as_json() for node in nodes] for nodes in (self.inputs, self.outputs))
        return {"inputs": inputs, "outputs": outputs, **writes}


@dataclass(frozen=True)
class Case:
    """One saved input with the outputs that eager Python gave for it."""

    name: str
    python_milliseconds: Optional[float] = None
    """Of eager Python, on the machine that exported; None where that is not known, as in a clone."""
    method: str = ""
    """The exported method that was called; empty for forward."""


@dataclass(frozen=True)
class OperatorLibrary:
    """A shared library that registers operators which LibTorch does not have."""

    namespace: str
    file: str
    """Its name in `ops/` beside the model file."""


@dataclass(frozen=True)
class Exported:
    """What is known of the files of an export; manifest.json repeats it, but nothing measured."""

    method: str
    torch_version: str
    parameters: int
    exact: bool
    """The exported module equals eager bit for bit, in Python, on every case."""
    cpu: str
    signature: Signature
    cases: tuple[Case, ...]
    call: Call = "nested"
    """`nested`: forward takes and gives values as Python does. `flat`: tensors only, one for each leaf."""
    select: tuple[int, ...] = ()
    """Which element of what forward returns is the answer: a scripted detector returns (losses, detections)."""
    engine: str = ""
    """The quantized engine to choose before the file is loaded; empty: none."""
    sequence: bool = False
    """The model keeps state from call to call, so the cases are one sequence of calls."""
    libraries: tuple[OperatorLibrary, ...] = ()
    cpu_only: str = ""
    """What keeps it on the CPU: `model.py:12: ...`. If that could not be found out, `device_unchecked` says why."""
    device_unchecked: str = ""
    notes: tuple[str, ...] = ()
    runtime: str = "torchscript"
    floors: tuple[NoiseFloor, ...] = ()
    """Where the runtime computes in another order: what its answers are judged by, beside float64's in the cases."""
    packaged: bool = False

    def as_json(self) -> dict[str, Any]:
        """The JSON that an answer and manifest.json have; `joined` makes it the value's again."""
        own = {item.name: getattr(self, item.name) for item in fields(Exported) if item.name != "signature"}
        own.update({name: [vars(each) for each in own[name]] for name in ("cases", "libraries", "floors")})
        if not self.floors:
            del own["floors"]
        last = {name: own.pop(name) for name in ("cases", "notes")}
        return {**own, **self.signature.as_json(), **last}


def joined(document: dict[str, Any]) -> dict[str, Any]:
    """The document with `dims` and `methods` within `signature`. Raises KeyError or TypeError for what has none."""
    beside = {"dims": document["dims"], "methods": document.get("methods", {})}
    rest = {name: item for name, item in document.items() if name not in beside}
    return {**rest, "signature": {**document["signature"], **beside}}


@dataclass(frozen=True)
class Tried:
    """A way to export, and why it was not taken."""

    method: str
    faithful: bool
    reason: str


@dataclass(frozen=True)
class ExportAnswer(Exported):
    candidates: tuple[Tried, ...] = ()
    files: tuple[str, ...] = ()
    """That the model was made of: the user's sources, and the data that they read."""

    def as_json(self) -> dict[str, Any]:
        return {**super().as_json(), "candidates": [vars(each) for each in self.candidates], "files": list(self.files)}
