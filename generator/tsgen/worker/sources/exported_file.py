"""A file of torch.export.save: `net.pt2`. Its graph is a module of torch.fx, exported as any other.

torch.export.load itself unpickles whatever lies in the file, and calls what its graph names. So unless the user trusts
the file, each is looked at before: pickles are read for tensors only, and a graph may call operators alone.
"""

from __future__ import annotations

import contextlib
import json
import re
from functools import partial
from typing import TYPE_CHECKING, Any

import torch

from ..host import archives, pickles
from ..messages import Problem
from ..users_code.failures import format_error
from ..users_code.needs import is_memory
from ..users_code.torch_messages import NOT_ONLY_TENSORS
from . import example_inputs
from .loaded import Loaded

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ..messages import ExportRequest

HINT = "export the model again, with the torch of this Python: torch.export.save(program, FILE)"
_OPERATOR = re.compile(
    r"torch\.ops\.\w+\.\w+(\.\w+)?|math\.\w+|torch\.(_sym|sym)_\w+|"
    r"_operator\.(abs|add|and_|eq|floordiv|ge|getitem|gt|le|lt|mod|mul|ne|neg|not_|or_|pos|pow|sub|truediv|xor)"
)
_CALLED = re.compile(r"([A-Za-z_]\w*)\s*\(")
_EXPRESSION = re.compile(r"[\w\s+\-*/%(),<>=!&|~.]*", re.ASCII)
_QUOTED = re.compile(r"'[A-Za-z0-9.]\w*'", re.ASCII)
_FUNCTIONS = frozenset({
    "Abs", "Add", "And", "CeilDiv", "CeilToInt", "CleanDiv", "Eq", "Float", "FloorDiv", "FloorToInt", "Ge", "Gt",
    "Identity", "IntTrueDiv", "Integer", "IsNonOverlappingAndDenseIndicator", "Le", "Lt", "Max", "Min", "Mod",
    "ModularIndexing", "Mul", "Ne", "Not", "Or", "Pow", "PowByNatural", "PythonMod", "Rational", "RoundDecimal",
    "RoundToInt", "Symbol", "ToFloat", "TruncToInt", "Where", "ceiling", "floor",
})  # fmt: skip
_SPEC_TYPES = re.compile(r'"type": "(?!builtins\.\w+"|collections\.OrderedDict")')
_LENGTH = 2000
"""Of an expression of sizes."""


def load(path: Path, request: ExportRequest) -> Loaded:
    """Raises Problem."""
    if not request.unsafe_pickle:
        _check(path)
    program = _read(path, unsafe=request.unsafe_pickle)
    model = program.module()
    given = program.example_inputs
    example = partial(example_inputs.of_call, model, *given) if given else None
    return Loaded(model=model, example=example, files=(str(path.resolve()),))


def _read(path: Path, *, unsafe: bool) -> Any:
    refused: list[str] = []
    try:
        # Not by its name, which torch wants to end in .pt2.
        with contextlib.nullcontext(refused) if unsafe else _tensors_only() as refused, path.open("rb") as stream:
            program = torch.export.load(stream)
    except Exception as error:
        if is_memory(error):
            raise
        if not unsafe and (refused or any(sign in str(error) for sign in NOT_ONLY_TENSORS)):
            raise _unsafe(
                path, "holds Python objects" + "".join(f", such as {name!r}" for name in refused[:1])
            ) from error
        raise Problem("bad_file", f"{path} cannot be read by torch.export: {format_error(error)}", HINT) from error
    if not unsafe and getattr(program, "_guards_code", None):
        program._guards_code = []  # noqa: SLF001 - lines of Python that it would run; the sizes are checked without
    return program


@contextlib.contextmanager
def _tensors_only() -> Iterator[list[str]]:
    read = torch.load

    def tensors(*args: Any, **kwargs: Any) -> Any:
        return read(*args, **{**kwargs, "weights_only": True, "map_location": "cpu"})

    torch.load = tensors
    try:
        with pickles.only_tensors() as refused:
            yield refused
    finally:
        torch.load = read


def _check(path: Path) -> None:
    """Raises Problem for a file that would make torch call anything but operators."""
    with archives.opened(path) as archive:
        for name in archive.namelist():
            if name.endswith(".json"):
                odd = _odd(_parsed(path, archive.read(name)))
                if odd:
                    raise _unsafe(path, f"names {odd!r}, which is no operator of torch's")


def _parsed(path: Path, text: bytes) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Problem("bad_file", f"{path} is damaged: its graph is no JSON", HINT) from error


def _odd(value: Any) -> str:
    """What in it is no operator, no expression of sizes and no plain structure; empty when all is."""
    waiting = [("", value)]
    while waiting:
        key, entry = waiting.pop()
        if isinstance(entry, dict):
            waiting.extend(entry.items())
        elif isinstance(entry, list):
            waiting.extend((key, each) for each in entry)
        elif isinstance(entry, str) and not _is_plain(key, entry):
            return entry[:80]
    return ""


def _is_plain(key: str, text: str) -> bool:
    if key == "target":
        return bool(_OPERATOR.fullmatch(text)) or not text.startswith(("torch", "math", "_operator", "#"))
    if key == "expr_str":
        text = _QUOTED.sub("name", text)
        calls = set(_CALLED.findall(text))
        attribute = re.search(r"\.\s*[A-Za-z_]", text) or "__" in text
        return len(text) <= _LENGTH and bool(_EXPRESSION.fullmatch(text)) and calls <= _FUNCTIONS and not attribute
    return key not in {"in_spec", "out_spec"} or not _SPEC_TYPES.search(text)


def _unsafe(path: Path, what: str) -> Problem:
    return Problem(
        "unsafe",
        f"{path} {what}: reading the file could run any code",
        "export the model without it; if you trust whoever made this file, read it with --unsafe-pickle",
    )
