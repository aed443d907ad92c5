"""Requests and answers as files: JSON, and the values of messages.py that it stands for."""

from __future__ import annotations

import json
import os
import tempfile
from dataclasses import asdict, is_dataclass
from pathlib import Path
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from .messages import FORMAT, Problem

T = TypeVar("T")

VERSIONS = "the two halves of tsgen are of different versions: install it again"


def read(path: Path) -> dict[str, Any]:
    """A request in JSON's types. Raises Problem for another format than this worker's."""
    raw: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    if raw.get("format") != FORMAT:
        asked = f"the worker reads requests of format {FORMAT}, not of format {raw.get('format')}"
        raise Problem("unsupported", asked, VERSIONS)
    return raw


def value_of(kind: type[T], raw: Any) -> T:
    """`raw`, in JSON's types, as a `kind` of messages.py; what it says besides is passed over.

    A path becomes absolute: the user's code may change the folder.
    """
    made: T = _value(kind, raw)
    return made


def _value(kind: Any, raw: Any) -> Any:
    if is_dataclass(kind):
        known = get_type_hints(kind)
        return kind(**{name: _value(known[name], item) for name, item in raw.items() if name in known})  # type: ignore[operator]
    if kind is Path:
        return Path(os.path.abspath(raw))  # noqa: PTH100 - resolve() would replace the user's links
    if get_origin(kind) is tuple:
        return tuple(_value(get_args(kind)[0], item) for item in raw)
    if get_origin(kind) is dict:
        return {key: _value(get_args(kind)[1], item) for key, item in raw.items()}
    return raw


def plain(answer: Any) -> dict[str, Any]:
    """An answer's fields as JSON knows them."""
    return {name: _plain(item) for name, item in asdict(answer).items()}


def _plain(item: Any) -> Any:
    if isinstance(item, dict):
        return {key: _plain(each) for key, each in item.items()}
    if isinstance(item, (list, tuple)):
        return [_plain(each) for each in item]
    return str(item) if isinstance(item, Path) else item


def failure(problem: Problem) -> dict[str, Any]:
    """The answer that a problem is."""
    error = {name: getattr(problem, name) for name in ("kind", "message", "hint", "traceback")}
    return {"ok": False, "error": error}


def write(path: Path, answer: dict[str, Any]) -> None:
    """All or nothing: a killed worker leaves no half of an answer."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(answer, file, allow_nan=False)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink()
        raise
