"""Calling the model with arguments by name, each call in a process of its own, so that no state is carried over."""

from __future__ import annotations

import inspect
import itertools
import os
import traceback
from typing import TYPE_CHECKING, Any

import torch

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def call(model: Any, arguments: dict[str, Any]) -> Any:
    """Raises whatever the model raises."""
    positional: list[Any] = []
    named = dict(arguments)
    if not isinstance(model, torch.jit.ScriptModule):
        positional, named = _bound(inspect.signature(model.forward), named)
    with torch.no_grad():
        return model(*positional, **named)


def _bound(signature: inspect.Signature, named: dict[str, Any]) -> tuple[list[Any], dict[str, Any]]:
    positional: list[Any] = []
    for name, parameter in signature.parameters.items():
        if parameter.kind is parameter.VAR_POSITIONAL:
            positional += [named.pop(key) for key in _of_several(name, named)]
        elif parameter.kind is parameter.POSITIONAL_ONLY:
            positional.append(named.pop(name))
        elif _before_several(signature, name):
            positional.append(named.pop(name, parameter.default))
        elif parameter.kind is parameter.VAR_KEYWORD:
            named.update(named.pop(name, {}))
    return positional, named


def _of_several(name: str, named: dict[str, Any]) -> list[str]:
    """*args is taken apart into args0, args1, ..."""
    keys = itertools.takewhile(named.__contains__, (f"{name}{index}" for index in itertools.count()))
    return list(keys)


def _before_several(signature: inspect.Signature, name: str) -> bool:
    kinds = {parameter.kind for parameter in signature.parameters.values()}
    parameter = signature.parameters[name]
    return parameter.kind is parameter.POSITIONAL_OR_KEYWORD and inspect.Parameter.VAR_POSITIONAL in kinds


def in_fork(work: Callable[[], None], said: Path) -> bool:
    """Whether it ended well; else the last line of what was raised is in the file `said`."""
    child = os.fork()
    if not child:
        status = 1
        try:
            work()
            status = 0
        except BaseException:  # noqa: BLE001 - the parent is told
            said.write_text(traceback.format_exc(), encoding="utf-8")
        finally:
            os._exit(status)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
