"""From what a model spec names (a class, a function, an instance) to the nn.Module."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

import torch

from ..host.seed import seed_everything
from ..messages import Problem
from ..users_code.failures import user_code

if TYPE_CHECKING:
    from ..aliases import Model
    from ..messages import ExportRequest


def model_of(value: Any, request: ExportRequest) -> Model:
    if isinstance(value, torch.nn.Module):
        _refuse_arguments(request)
        return value
    made = _call(value, request)
    if isinstance(made, torch.nn.Module):
        return made
    raise Problem(
        "bad_input",
        f"{request.label} gives {_article(type(made).__name__)}, not an nn.Module",
        "name a class, a function that returns a model, or an nn.Module instance",
    )


def _refuse_arguments(request: ExportRequest) -> None:
    if request.model_args:
        raise Problem(
            "bad_input",
            f"{request.label} is a model already made: it takes no arguments ({', '.join(request.model_args)})",
            "leave --model-arg out, or name the class or a function",
        )


def _call(value: Any, request: ExportRequest) -> Any:
    if not callable(value):
        return value
    _check_arguments(value, request)
    seed_everything(request.seed)
    with user_code(f"building {request.label}"):
        return value(**request.model_args)


def _check_arguments(value: Any, request: ExportRequest) -> None:
    try:
        signature = inspect.signature(value)
    except (TypeError, ValueError):  # written in C: its own error will have to do
        return
    try:
        signature.bind(**request.model_args)
    except TypeError as error:
        raise Problem(
            "bad_input",
            f"{request.label} cannot be called: {error}; its signature is {_name(value)}{signature}",
            "give its arguments as --model-arg KEY=VALUE",
        ) from error


def _name(value: Any) -> str:
    return str(getattr(value, "__name__", type(value).__name__))


def _article(name: str) -> str:
    return f"{'an' if name[0].lower() in 'aeiou' else 'a'} {name}"
