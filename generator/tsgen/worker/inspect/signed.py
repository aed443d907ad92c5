"""signature.tsgen, the text that tsgen puts into a file, as values again."""

from __future__ import annotations

from typing import Any, Callable
from urllib.parse import unquote

_HEAD = "tsgen-signature"
_FORMATS = ("1", "2")
_CONSTANTS: dict[str, Callable[[str], Any]] = {
    "int": int,
    "float": float,
    "bool": lambda text: text.lower() == "true",
    "str": str,
}


def parse(text: str) -> dict[str, Any] | None:
    """None for what is not such a text. `methods` holds what belongs to an exported method, by its name."""
    try:
        return _parsed(text)
    except (IndexError, ValueError):  # anyone can put an extra file of that name into an archive
        return None


def _parsed(text: str) -> dict[str, Any] | None:
    rows = [line.split("\t") for line in text.splitlines() if line]
    if not rows or rows[0][0] != _HEAD or rows[0][1:2] not in [[known] for known in _FORMATS]:
        return None
    found: dict[str, Any] = {"words": {}, "methods": {}, **_nothing()}
    part, old = found, rows[0][1] == "1"
    for kind, *rest in rows[1:]:
        if kind == "entry":
            part = found["methods"].setdefault(unquote(rest[0]), _nothing())
        elif kind in {"input", "output"}:
            part[f"{kind}s"].append(_node([*rest[:1], "tensor", *rest[1:]] if old else rest))
        elif kind == "dim":
            part["dims"][rest[0]] = int(rest[1])
        else:
            found["words"].setdefault(kind, []).append(" ".join(rest))
    return found


def _nothing() -> dict[str, Any]:
    return {"inputs": [], "outputs": [], "dims": {}}


def _node(fields: list[str]) -> dict[str, Any]:
    name, kind, *rest = fields
    node: dict[str, Any] = {"name": unquote(name), "kind": kind.rstrip("?"), "optional": kind.endswith("?")}
    if node["kind"] == "tensor":
        return {**node, "dtype": rest[0], "shape": _shape(rest[1] if len(rest) > 1 else "")}
    if node["kind"] == "record":
        return {**node, "type": unquote(rest[0]) if rest else ""}
    if node["kind"] == "constant":
        return {**node, "type": rest[0], "value": _CONSTANTS.get(rest[0], str)(unquote(rest[1]))}
    if rest and node["kind"] in _CONSTANTS:
        return {**node, "default": repr(_CONSTANTS[node["kind"]](unquote(rest[0])))}
    return node


def _shape(text: str) -> list[int | str] | None:
    if text == "?":
        return None
    return [int(dim) if dim.isdigit() else dim for dim in text.split(",") if dim]
