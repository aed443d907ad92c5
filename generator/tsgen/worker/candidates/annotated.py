"""The types of bare parameters, which torch.jit.script takes for Tensors otherwise.

Forward's are those of the example, an exported method's those of its defaults.
"""

from __future__ import annotations

import ast
import contextlib
import inspect
from typing import TYPE_CHECKING, Any

import torch
import torch.jit.frontend

from ..calls.forward import parameters_of
from ..reference.view import is_marked

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..aliases import Model, Value
    from ..calls.plan import Call


@contextlib.contextmanager
def annotated(model: Model, example: Call[str, Any]) -> Iterator[None]:
    """While the block runs. torch reads the annotations of the source, so they are set where it parses that.

    A part whose method has a parameter of the same name in the same file gets the type too, likely rightly so.
    """
    words = {"forward": _words(model, example), **_words_of_methods(model)}
    parse = getattr(torch.jit.frontend, "build_param", None)
    where = _place(model)
    if not any(words.values()) or parse is None or where is None:
        yield
        return

    def build_param(ctx: Any, parameter: Any, *rest: Any, **named: Any) -> Any:
        known = words.get(getattr(ctx, "funcname", ""), {}) if getattr(ctx, "filename", None) == where else {}
        if parameter.annotation is None and parameter.arg in known:
            parameter.annotation = _annotation(known[parameter.arg], parameter)
        return parse(ctx, parameter, *rest, **named)

    torch.jit.frontend.build_param = build_param
    try:
        yield
    finally:
        torch.jit.frontend.build_param = parse


def _words(model: Model, example: Call[str, Any]) -> dict[str, str]:
    """Only what is no bare Tensor: that needs no word."""
    if isinstance(model, torch.jit.ScriptModule):
        return {}
    nullable = {entry.name for entry in parameters_of(model, count=len(example)) if entry.nullable}
    types = {name: type_of(value) for name, value in example.items()}
    types.update({name: "Tensor" for name in nullable if name not in types})
    words = {name: f"Optional[{kind}]" if name in nullable else kind for name, kind in types.items() if kind}
    return {name: word for name, word in words.items() if word != "Tensor"}


def _words_of_methods(model: Model) -> dict[str, dict[str, str]]:
    functions: list[Any] = [getattr(type(model), name, None) for name in dir(type(model))]
    marked = [one for one in functions if is_marked(one)]
    found = {}
    for function in marked:
        parameters = inspect.signature(function).parameters.values()
        defaults = {entry.name: entry.default for entry in parameters}
        plain = {name: type(value).__name__ for name, value in defaults.items() if type(value) in _PLAIN}
        found[function.__name__] = plain
    return found


_PLAIN = (bool, int, float, str)


def _place(model: Model) -> str | None:
    try:
        return inspect.getsourcefile(type(model).forward)
    except TypeError:
        return None


def _annotation(word: str, parameter: Any) -> Any:
    """At the place of the parameter, which torch's messages point to."""
    made = ast.parse(word, mode="eval").body
    for node in ast.walk(made):
        ast.copy_location(node, parameter)
    return made


def type_of(value: Value) -> str:
    """The value's type as TorchScript writes it; empty when it has none for it."""
    if isinstance(value, torch.Tensor):
        return "Tensor"
    if isinstance(value, (bool, int, float, str)):
        return type(value).__name__
    if not isinstance(value, (dict, list, tuple)) or hasattr(value, "_fields") or not value:
        return ""
    return _of_group(value, [type_of(child) for child in (value.values() if isinstance(value, dict) else value)])


def _of_group(value: Value, inner: list[str]) -> str:
    if "" in inner:
        return ""
    if isinstance(value, tuple):
        return f"Tuple[{', '.join(inner)}]"
    if len(set(inner)) > 1:
        return ""
    return f"Dict[str, {inner[0]}]" if isinstance(value, dict) else f"List[{inner[0]}]"
