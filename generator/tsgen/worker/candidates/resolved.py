"""Annotations that `from __future__ import annotations` left as strings, which torch.jit.script does not understand.

It reads forward's from the source, but those of class attributes and of ignored methods from the objects.
"""

from __future__ import annotations

import contextlib
import inspect
import typing
from typing import TYPE_CHECKING, Any

from ..users_code.origin import is_users

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..aliases import Model


@contextlib.contextmanager
def resolved(model: Model) -> Iterator[None]:
    """While the block runs, the user's classes and their methods have types for annotations where that is possible."""
    before = []
    for owner in _annotated(model):
        types = _types(owner)
        if types is not None:
            before.append((owner, owner.__annotations__))
            owner.__annotations__ = types
    try:
        yield
    finally:
        for owner, annotations in before:
            owner.__annotations__ = annotations


def _annotated(model: Model) -> list[Any]:
    """The user's classes among the model's parts, and their own functions."""
    classes = {kind for part in model.modules() for kind in type(part).__mro__ if _is_the_users(kind)}
    functions = [function for kind in classes for function in vars(kind).values() if inspect.isfunction(function)]
    owners = [*classes, *functions]
    return [owner for owner in owners if any(isinstance(kind, str) for kind in _own(owner).values())]


def _own(owner: Any) -> dict[str, Any]:
    return dict(vars(owner).get("__annotations__", {})) if isinstance(owner, type) else dict(owner.__annotations__)


def _is_the_users(kind: type) -> bool:
    try:
        return is_users(inspect.getsourcefile(kind) or "")
    except TypeError:
        return False


def _types(owner: Any) -> dict[str, Any] | None:
    try:
        types = typing.get_type_hints(owner)
    except Exception:  # noqa: BLE001 - a name that only a type checker knows
        return None
    return {name: types.get(name, kind) for name, kind in _own(owner).items()}
