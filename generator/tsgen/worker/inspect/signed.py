"""signature.tsgen, the text that tsgen puts into a file, as values again."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, Callable
from urllib.parse import unquote

from ..messages import OPEN, Writes
from ..messages.inspection import Range, Value
from ..signature_text import OPEN_WORD

_HEAD = "tsgen-signature"
_FORMATS = ("1", "2")
_CONSTANTS: dict[str, Callable[[str], Any]] = {
    "int": int,
    "float": float,
    "bool": lambda text: text.lower() == "true",
    "str": str,
}


@dataclass(frozen=True)
class Entry:
    """What the text says of forward, or of an exported method."""

    inputs: list[Value] = field(default_factory=list)
    outputs: list[Value] = field(default_factory=list)
    dims: dict[str, int] = field(default_factory=dict)
    ranges: dict[str, Range] = field(default_factory=dict)
    state: list[str] = field(default_factory=list)
    """What a call writes of the model's own."""
    written: list[str] = field(default_factory=list)
    """What a call writes among its inputs."""

    @property
    def writes(self) -> Writes:
        return Writes(tuple(self.state), tuple(self.written))


@dataclass(frozen=True)
class Signed:
    entries: dict[str, Entry]
    """By method; forward is always there."""
    words: dict[str, list[str]] = field(default_factory=dict)
    """All other lines, by their first word."""


def parse(text: str) -> Signed | None:
    """None for what is not such a text."""
    try:
        return _parsed(text)
    except (IndexError, ValueError):  # anyone can put an extra file of that name into an archive
        return None


def _parsed(text: str) -> Signed | None:
    rows = [line.split("\t") for line in text.splitlines() if line]
    if not rows or rows[0][0] != _HEAD or rows[0][1:2] not in [[known] for known in _FORMATS]:
        return None
    found = Signed({"forward": Entry()})
    entry, old = found.entries["forward"], rows[0][1] == "1"
    for kind, *rest in rows[1:]:
        if kind == "entry":
            entry = found.entries.setdefault(unquote(rest[0]), Entry())
        elif kind in {"input", "output"}:
            side = entry.inputs if kind == "input" else entry.outputs
            value = _value([*rest[:1], "tensor", *rest[1:]] if old else rest)
            side.append(value if kind == "input" else _with_open(value))
        elif kind == "dim":
            entry.dims[rest[0]] = int(rest[1])
        elif kind == "range":
            entry.ranges[rest[0]] = (int(rest[1]), int(rest[2]) if rest[2:] and rest[2] else None)
        elif kind == "writes":
            (entry.written if rest[0] == "input" else entry.state).append(unquote(rest[1]))
        else:
            # A library's operators are told of as the file calls them.
            found.words.setdefault(kind, []).append(" ".join(rest[:2] if kind == "library" else rest))
    return found


def _value(fields: list[str]) -> Value:
    name, word, *rest = fields
    kind = word.rstrip("?")
    return Value(name=unquote(name), kind=kind, optional=word.endswith("?"), **_further(kind, rest))


def _with_open(output: Value) -> Value:
    shape = output.shape and tuple(OPEN if dim == OPEN_WORD else dim for dim in output.shape)
    return replace(output, shape=shape)


def _further(kind: str, rest: list[str]) -> dict[str, Any]:
    if kind == "tensor":
        return {"dtype": rest[0], "shape": _shape(rest[1] if len(rest) > 1 else "")}
    if kind == "record":
        return {"type": unquote(rest[0]) if rest else ""}
    if kind == "constant":
        return {"type": rest[0], "constant": _CONSTANTS.get(rest[0], str)(unquote(rest[1]))}
    if rest and kind in _CONSTANTS:
        return {"default": repr(_CONSTANTS[kind](unquote(rest[0])))}
    return {}


def _shape(text: str) -> tuple[int | str, ...] | None:
    if text == "?":
        return None
    return tuple(int(dim) if dim.isdigit() else dim for dim in text.split(",") if dim)
