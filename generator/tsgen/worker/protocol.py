"""What the worker is asked and what it answers: two JSON files, and one exception for every expected failure."""

from __future__ import annotations

import json
import os
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Union

FORMAT = 1

Dim = Union[int, str]
"""A size, or the name of a dynamic dimension."""


class Problem(Exception):  # noqa: N818 - the answer's word for it; most are the user's to solve
    """An expected failure, in the user's terms; becomes the `error` of the response."""

    def __init__(self, kind: str, message: str, hint: str = "", traceback: str = "") -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message
        self.hint = hint
        self.traceback = traceback


ABSENT: Any = object()
"""Where None is a value."""


@dataclass(frozen=True)
class InputRequest:
    """One --input. `name` and `dtype` may be left to the model; `sizes` holds the sizes given for named dimensions.

    `name` is a path: `x`, `images.0`, `batch.mask`.
    """

    name: str | None
    dtype: str | None = None
    shape: tuple[Dim, ...] = ()
    sizes: dict[str, int] = field(default_factory=dict)
    high: int | None = None
    """Integers are drawn from [0, high)."""
    literal: Any = ABSENT
    """A Python number, string, bool or None in the place of a tensor."""


@dataclass(frozen=True)
class Tolerance:
    """|actual - expected| <= atol + rtol * |expected|."""

    rtol: float
    atol: float


@dataclass(frozen=True)
class Request:
    """The parsed request; see docs/reference for the meaning of the words."""

    source: dict[str, str]
    label: str
    model_args: dict[str, Any]
    weights: str
    seed: int
    inputs: tuple[InputRequest, ...]
    method: str
    livened: bool
    unsafe_pickle: bool
    preprocess: str
    op_libraries: tuple[str, ...]
    linked_libraries: tuple[str, ...]
    """Loaded like op_libraries, but part of the program: they are not shipped."""
    tolerance: dict[str, Tolerance]
    search_path: tuple[str, ...]
    output: Path

    @property
    def portable_label(self) -> str:
        """The model spec without its folders, which mean nothing to who gets the file."""
        if "path" not in self.source:
            return self.label
        name = os.path.basename(os.path.normpath(self.source["path"]))  # noqa: PTH119 - of the path's words alone
        prefix = "hf:" if self.source["kind"] == "hf_folder" else ""
        return ":".join([prefix + name, *filter(None, [self.source.get("attribute")])])


def _input(raw: dict[str, Any]) -> InputRequest:
    if "literal" in raw:
        return InputRequest(raw.get("name"), literal=raw["literal"])
    named = [dim for dim in raw["shape"] if isinstance(dim, dict)]
    return InputRequest(
        name=raw.get("name"),
        dtype=raw.get("dtype"),
        shape=tuple(dim["name"] if isinstance(dim, dict) else int(dim) for dim in raw["shape"]),
        sizes={dim["name"]: int(dim["size"]) for dim in named if dim.get("size") is not None},
    )


def read_request(path: Path) -> Request:
    """Raises Problem for another format: the two halves of tsgen are then of different versions."""
    raw = json.loads(path.read_text(encoding="utf-8"))
    if raw.get("format") != FORMAT:
        raise Problem("unsupported", f"the worker reads requests of format {FORMAT}, not {raw.get('format')}")
    return Request(
        source=raw["source"],
        label=raw["label"],
        model_args=raw.get("model_args") or {},
        weights=raw.get("weights") or "none",
        seed=int(raw.get("seed") or 0),
        inputs=tuple(_input(entry) for entry in raw.get("inputs") or []),
        method=raw.get("method") or "auto",
        livened=bool(raw.get("livened")),
        unsafe_pickle=bool(raw.get("unsafe_pickle")),
        preprocess=raw.get("preprocess") or "",
        op_libraries=tuple(raw.get("op_libraries") or ()),
        linked_libraries=tuple(raw.get("linked_libraries") or ()),
        tolerance={dtype: Tolerance(**bounds) for dtype, bounds in (raw.get("tolerance") or {}).items()},
        search_path=tuple(raw.get("search_path") or ()),
        output=Path(os.path.abspath(raw["output"])),  # noqa: PTH100 - resolve() would replace the user's links
    )


def failure(problem: Problem) -> dict[str, Any]:
    error = {
        "kind": problem.kind,
        "message": problem.message,
        "hint": problem.hint,
        "traceback": problem.traceback,
    }
    return {"ok": False, "error": error}


def write_response(path: Path, response: dict[str, Any]) -> None:
    """All or nothing: a killed worker leaves no half of an answer."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(response, file, allow_nan=False)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink()
        raise
