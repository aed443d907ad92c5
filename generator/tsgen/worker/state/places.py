"""Where a model's code writes what it holds: `model.py:12: self.cache[:, at] = k`."""

from __future__ import annotations

import ast
import contextlib
import inspect
from typing import TYPE_CHECKING, Any

import torch

from ..host.operator_mode import OperatorMode
from ..messages import Problem
from ..reference import eager
from ..users_code.failures import source_line
from ..users_code.origin import is_users
from ..users_code.statements import frames, module_of
from ..values.trees import join
from . import memory

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ..aliases import Model
    from ..reference.eager import Probe

_CHANGES = frozenset({
    "append", "appendleft", "extend", "insert", "pop", "popleft", "clear", "update", "remove", "setdefault", "add",
    "rotate",
})  # fmt: skip
"""Of lists, dicts, sets and deques."""


@contextlib.contextmanager
def assigned(model: Model) -> Iterator[dict[str, str]]:
    """Every attribute of a module that is assigned in the block, with the last place."""
    names = {id(part): name for name, part in model.named_modules()}
    found: dict[str, str] = {}
    plain = torch.nn.Module.__setattr__

    def keep(part: Any, key: str, value: Any) -> None:
        if id(part) in names:
            found[join(names[id(part)], key)] = _here()
        plain(part, key, value)

    torch.nn.Module.__setattr__ = keep
    try:
        yield found
    finally:
        torch.nn.Module.__setattr__ = plain


def of(model: Model, probe: Probe, names: tuple[str, ...]) -> dict[str, str]:
    """Where a call writes what has these names, as far as that shows. The model is called, and its answer is nothing.

    First as it runs, by assignment and by operator; then as the source of the class reads.
    """
    storages = {_storage(spot.value): spot.owner for spot in memory.spots(model) if _is_plain(spot.value)}
    with assigned(model) as found, _Writes(storages) as writes, contextlib.suppress(Problem):
        eager.attempt(model, probe.name, probe.call, probe.sizes)
    seen = {**found, **writes.found}
    read = {name: _in_source(model, name) for name in names if not seen.get(name)}
    return {name: place for name in names if (place := seen.get(name) or read.get(name, ""))}


class _Writes(OperatorMode):
    """Which operator writes into a storage that the model holds."""

    def __init__(self, storages: dict[int, str]) -> None:
        super().__init__()
        self.found: dict[str, str] = {}
        self._storages = storages

    def __torch_dispatch__(self, function: Any, _types: Any, given: Any = (), named: Any = None) -> Any:
        named = named or {}
        for number, argument in enumerate(function._schema.arguments):  # noqa: SLF001 - there is no public name
            value = given[number] if number < len(given) else named.get(argument.name)
            alias = getattr(argument, "alias_info", None)
            if alias is not None and alias.is_write:
                for tensor in value if isinstance(value, (list, tuple)) else (value,):
                    self._look(tensor)
        return function(*given, **named)

    def _look(self, tensor: Any) -> None:
        owner = self._storages.get(_storage(tensor)) if _is_plain(tensor) else None
        if owner:
            self.found.setdefault(owner, _here())


def _is_plain(value: Any) -> bool:
    return isinstance(value, torch.Tensor) and value.layout == torch.strided and not value.is_meta


def _storage(tensor: Any) -> int:
    """0 for one without memory, of which nobody is the owner."""
    return int(tensor.untyped_storage().data_ptr()) if tensor.numel() else 0


def _here() -> str:
    """The innermost of the user's lines that runs now."""
    frame = next((one for one in frames() if is_users(one.f_code.co_filename)), None)
    return source_line(frame.f_code.co_filename, frame.f_lineno) if frame else ""


def _in_source(model: Model, path: str) -> str:
    """The first statement of the part's class that changes the attribute, outside of __init__."""
    parent, _, key = path.rpartition(".")
    part = dict(model.named_modules()).get(parent)
    for kind in type(part).__mro__ if part is not None else ():
        file = _file_of(kind)
        if file:
            lines = sorted(node.lineno for node in _statements(file, kind.__name__) if _changes(node, key))
            if lines:
                return source_line(file, lines[0])
    return ""


def methods_that_change(model: Model, paths: Iterable[str]) -> list[str]:
    """The public methods of the model's own class that change what has these paths, or begin it anew by their name.

    Forward is none of them, nor what another method calls.
    """
    kind = type(model)
    file = _file_of(kind)
    functions = _functions(file, kind.__name__) if file else []
    called = {name for function in functions for name in _calls(function)}
    own = {path.partition(".")[0] for path in paths}
    return [
        function.name
        for function in functions
        if not function.name.startswith("_") and function.name not in {"forward", *called}
        if function.name.startswith(_ANEW) or any(_changes(node, key) for node in ast.walk(function) for key in own)
    ]


_ANEW = ("reset", "clear_", "init_state", "init_hidden", "forget")


def _calls(function: ast.FunctionDef) -> list[str]:
    """The model's own methods that it calls."""
    functions = [node.func for node in ast.walk(function) if isinstance(node, ast.Call)]
    named = [one for one in functions if isinstance(one, ast.Attribute) and isinstance(one.value, ast.Name)]
    return [one.attr for one in named if isinstance(one.value, ast.Name) and one.value.id == "self"]


def _file_of(kind: type) -> str:
    try:
        file = inspect.getsourcefile(kind) or ""
    except (TypeError, OSError):
        return ""
    return file if is_users(file) else ""


def _functions(file: str, name: str) -> list[ast.FunctionDef]:
    classes = [node for node in ast.walk(module_of(file)) if isinstance(node, ast.ClassDef) and node.name == name]
    return [node for one in classes for node in one.body if isinstance(node, ast.FunctionDef)]


def _statements(file: str, name: str) -> list[ast.stmt]:
    inside = [function for function in _functions(file, name) if function.name != "__init__"]
    return [node for function in inside for node in ast.walk(function) if isinstance(node, ast.stmt)]


def _changes(node: ast.AST, key: str) -> bool:
    """`self.key = ...`, `self.key[...] += ...`, `self.key.append(...)`, `self.key.copy_(...)`."""
    if isinstance(node, ast.Assign):
        groups = [target.elts if isinstance(target, ast.Tuple) else [target] for target in node.targets]
        return any(_is_own(target, key) for group in groups for target in group)
    if isinstance(node, (ast.AugAssign, ast.AnnAssign)):
        return _is_own(node.target, key)
    call = node.value if isinstance(node, ast.Expr) else None
    if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute):
        word = call.func.attr
        in_place = word.endswith("_") and not word.endswith("__")
        return (word in _CHANGES or in_place) and _is_own(call.func.value, key)
    return False


def _is_own(node: ast.AST, key: str) -> bool:
    while isinstance(node, (ast.Subscript, ast.Attribute)):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "self":
            return node.attr == key
        node = node.value
    return False
