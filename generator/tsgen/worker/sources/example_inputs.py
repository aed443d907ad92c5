"""`example_inputs()` beside a factory: a tuple of positional arguments, a dict of named ones, or a list of those.

The first is the example. A list of tensors alone cannot be told from a list of examples, and is taken for the latter.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch

from ..calls.forward import format_forward, parameters_of, takes_any_name
from ..messages import Problem
from ..users_code.failures import user_code
from ..values import trees
from .loaded import Example

if TYPE_CHECKING:
    from types import ModuleType

    from ..aliases import Model, TorchTensor, Value
    from ..calls.forward import Parameter

FUNCTION = "example_inputs"
_HINT = "let it return a tuple of arguments, a dict of arguments by parameter name, or a list of several such examples"


def read(module: ModuleType, model: Model, *, method: str = "") -> Example | None:
    """`method`: that of an exported method, `example_inputs_NAME()`."""
    name = f"{FUNCTION}_{method}" if method else FUNCTION
    function = getattr(module, name, None)
    if not callable(function):
        return None
    with user_code(f"{name}()"):
        returned = function()
    entries = returned if isinstance(returned, list) else [returned]
    if not entries:
        raise Problem("bad_input", f"{FUNCTION}() returned an empty list", _HINT)
    return Example(calls=tuple(_call(entry, model) for entry in entries))


def of_call(model: Model, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Example:
    """The call that a file of torch.export carries."""
    return Example(calls=(_call((tuple(args), dict(kwargs)), model),))


def _call(entry: Any, model: Model) -> dict[str, Any]:
    positional, named = _arguments(entry)
    parameters = parameters_of(model, count=len(positional))
    places = [parameter.name for parameter in parameters if not parameter.keyword_only]
    if len(positional) > len(places):
        raise _does_not_fit(f"{len(positional)} arguments", model)
    call = {**dict(zip(places, positional)), **named}
    _check(call, parameters, model)
    # None is what a program leaves out.
    nullable = {parameter.name for parameter in parameters if parameter.nullable and not parameter.required}
    kept = {name: value for name, value in call.items() if value is not None or name not in nullable}
    return {name: trees.mapped(_detached, value, name) for name, value in kept.items()}


def _arguments(entry: Any) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """Also the pair of both: `((x,), {"k": 3})`."""
    if isinstance(entry, dict):
        return (), {str(name): value for name, value in entry.items()}
    if not isinstance(entry, tuple) or hasattr(entry, "_fields"):
        return (entry,), {}
    if len(entry) == len(("args", "kwargs")) and isinstance(entry[0], tuple) and isinstance(entry[1], dict):
        named = {str(name): value for name, value in entry[1].items()}
        if not isinstance(entry[0], torch.Size) and all(name.isidentifier() for name in named):
            return entry[0], named
    return entry, {}


def _check(call: dict[str, Any], parameters: list[Parameter], model: Model) -> None:
    names = {parameter.name for parameter in parameters}
    unknown = [name for name in call if name not in names]
    if unknown and not takes_any_name(model):
        raise _does_not_fit(f"an argument {unknown[0]!r}", model)
    required = [parameter.name for parameter in parameters if parameter.required and not parameter.of_several]
    missing = [name for name in required if name not in call]
    if missing:
        raise _does_not_fit(f"no argument {missing[0]!r}", model)


def _does_not_fit(what: str, model: Model) -> Problem:
    return Problem("bad_input", f"{FUNCTION}() gives {what}, but the model is called as {format_forward(model)}", _HINT)


def _check_layout(path: str, tensor: TorchTensor) -> None:
    """Before anything runs: .npy holds plain numbers, and so does a tensor of the C++ library."""
    kind, way_out = "", ""
    if tensor.is_nested:
        kind, way_out = "a nested tensor", "torch.nested.as_nested_tensor(...)"
    elif tensor.layout != torch.strided:
        layout = str(tensor.layout).rpartition(".")[2]
        kind, way_out = f"a sparse tensor ({layout})", f"{path}.to_{'sparse' if layout == 'sparse_coo' else layout}()"
    elif tensor.is_quantized:
        kind, way_out = "a quantized tensor", "torch.quantize_per_tensor(...)"
    if kind:
        what = f"{FUNCTION}() gives {path} as {kind}, which neither .npy nor the C++ library can hold"
        raise Problem("bad_input", what, f"let forward take it as a plain tensor, and make it inside: {way_out}")


def _detached(path: str, leaf: Any) -> Value:
    if isinstance(leaf, torch.Tensor):
        _check_layout(path, leaf)
        return leaf.detach().cpu()
    if leaf is None or isinstance(leaf, (bool, int, float, str)):
        return leaf
    what = f"{FUNCTION}() gives {path} as {type(leaf).__name__!r}"
    raise Problem("bad_input", f"{what}, which is no tensor, number or string, nor a group of them", _HINT)
