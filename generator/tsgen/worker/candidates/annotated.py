"""The example's types for forward's bare parameters, which torch.jit.script takes for Tensors otherwise."""

from __future__ import annotations

import ast
import contextlib
import inspect
from typing import TYPE_CHECKING, Any

import torch
import torch.jit.frontend

from ..forward import parameters_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..plan import Call


@contextlib.contextmanager
def annotated(model: Any, example: Call[str, Any]) -> Iterator[None]:
    """While the block runs. torch reads the annotations of the source, so they are set where it parses that."""
    words = _words(model, example)
    parse = getattr(torch.jit.frontend, "build_param", None)
    where = _place(model)
    if not words or parse is None or where is None:
        yield
        return

    def build_param(ctx: Any, parameter: Any, *rest: Any, **named: Any) -> Any:
        if parameter.annotation is None and _is_forward(ctx, where) and parameter.arg in words:
            parameter.annotation = _annotation(words[parameter.arg], parameter)
        return parse(ctx, parameter, *rest, **named)

    torch.jit.frontend.build_param = build_param
    try:
        yield
    finally:
        torch.jit.frontend.build_param = parse


def _words(model: Any, example: Call[str, Any]) -> dict[str, str]:
    """Only what is no bare Tensor: that needs no word."""
    if isinstance(model, torch.jit.ScriptModule):
        return {}
    nullable = {entry.name for entry in parameters_of(model, count=len(example)) if entry.nullable}
    types = {name: type_of(value) for name, value in example.items()}
    types.update({name: "Tensor" for name in nullable if name not in types})
    words = {name: f"Optional[{kind}]" if name in nullable else kind for name, kind in types.items() if kind}
    return {name: word for name, word in words.items() if word != "Tensor"}


def _place(model: Any) -> str | None:
    try:
        return inspect.getsourcefile(type(model).forward)
    except TypeError:
        return None


def _is_forward(ctx: Any, where: str) -> bool:
    """A part whose forward has a parameter of the same name in the same file gets the type too, likely rightly so."""
    return getattr(ctx, "funcname", "") == "forward" and getattr(ctx, "filename", None) == where


def _annotation(word: str, parameter: Any) -> Any:
    """At the place of the parameter, which torch's messages point to."""
    made = ast.parse(word, mode="eval").body
    for node in ast.walk(made):
        ast.copy_location(node, parameter)
    return made


def type_of(value: Any) -> str:
    """As TorchScript writes it; empty when it has no type for the value."""
    if isinstance(value, torch.Tensor):
        return "Tensor"
    if isinstance(value, (bool, int, float, str)):
        return type(value).__name__
    if not isinstance(value, (dict, list, tuple)) or hasattr(value, "_fields") or not value:
        return ""
    return _of_group(value, [type_of(child) for child in (value.values() if isinstance(value, dict) else value)])


def _of_group(value: Any, inner: list[str]) -> str:
    if "" in inner:
        return ""
    if isinstance(value, tuple):
        return f"Tuple[{', '.join(inner)}]"
    if len(set(inner)) > 1:
        return ""
    return f"Dict[str, {inner[0]}]" if isinstance(value, dict) else f"List[{inner[0]}]"
