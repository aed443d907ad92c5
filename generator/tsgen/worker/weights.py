"""Weights from a file: tensors only, and every one of them must fit."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import torch

from .failures import said
from .protocol import Problem
from .suggest import shown

HINT = "give the file of a state_dict: torch.save(model.state_dict(), FILE)"
_WRAPPERS = ("state_dict", "model_state_dict")
_PARALLEL = "module."


def load_file(model: Any, name: str) -> tuple[str, ...]:
    """Loads in place; returns the files the export now depends on."""
    path = Path(name)
    state = _bare(_unwrapped(_read(path)), model)
    if isinstance(state, torch.jit.ScriptModule):  # older torch loads it here, newer torch refuses
        raise _is_torchscript(path)
    if not isinstance(state, dict) or not all(isinstance(value, torch.Tensor) for value in state.values()):
        raise Problem("bad_weights", f"{path} does not hold a state_dict but {_described(state)}", HINT)
    _check_fit(path, model, state)
    model.load_state_dict(state)
    return (str(path.resolve()),)


def _read(path: Path) -> Any:
    if not path.is_file():
        raise Problem("bad_weights", f"the weights file {path} does not exist", HINT)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return torch.load(str(path), map_location="cpu", weights_only=True)
    except Exception as error:
        raise _why_unreadable(path, error) from error


def _why_unreadable(path: Path, error: Exception) -> Problem:
    if not path.stat().st_size:
        return Problem("bad_weights", f"{path} is empty", HINT)
    text = str(error)
    if "TorchScript" in text:
        return _is_torchscript(path)
    if "Weights only load failed" in text or "Unsupported" in text:
        return _not_only_tensors(path)
    return Problem("bad_weights", f"{path} cannot be read: {said(error)}", HINT)


def _is_torchscript(path: Path) -> Problem:
    return Problem("bad_weights", f"{path} is a TorchScript file", f"name it as the model: --model {path}")


def _not_only_tensors(path: Path) -> Problem:
    with path.open("rb") as stream:
        begin = stream.read(2)
    # What torch.save writes: a zip archive, before torch 1.6 a pickle of protocol 2 or later.
    if begin != b"PK" and begin[:1] != b"\x80":
        return Problem("bad_weights", f"{path} is no torch.save file", HINT)
    words = f"{path} holds Python objects; unpickling them would run their code, so only tensors are read from it"
    return Problem("unsafe", words, HINT)


def _unwrapped(state: Any) -> Any:
    """A training checkpoint keeps the state_dict under one of two customary names."""
    if isinstance(state, dict):
        for key in _WRAPPERS:
            if isinstance(state.get(key), dict):
                return state[key]
    return state


def _bare(state: Any, model: Any) -> Any:
    """DataParallel saves every name with `module.` before it."""
    wrapped = isinstance(state, dict) and state and all(str(key).startswith(_PARALLEL) for key in state)
    if not wrapped or any(key.startswith(_PARALLEL) for key in model.state_dict()):
        return state
    return {key[len(_PARALLEL) :]: value for key, value in state.items()}


def _described(state: Any) -> str:
    if isinstance(state, dict):
        odd = [key for key, value in state.items() if not isinstance(value, torch.Tensor)]
        return f"a dict with other things under {shown(map(repr, odd), most=5)}"
    return type(state).__name__


def _check_fit(path: Path, model: Any, state: dict[str, Any]) -> None:
    expected = model.state_dict()
    faults = {
        "missing": [key for key in expected if key not in state],
        "unexpected": [key for key in state if key not in expected],
        "of another shape": [
            f"{key} ({_shape(value)} in the file, {_shape(expected[key])} in the model)"
            for key, value in state.items()
            if key in expected and _differ(value, expected[key])
        ],
    }
    said_of = [f"{what}: {shown(keys)}" for what, keys in faults.items() if keys]
    if said_of:
        raise Problem(
            "bad_weights", f"{path.name} does not fit the model; {'; '.join(said_of)}", "check --model and --model-arg"
        )


def _differ(one: Any, other: Any) -> bool:
    """A lazy layer takes any shape."""
    lazy = isinstance(other, torch.nn.parameter.UninitializedTensorMixin)
    return not lazy and _shape(one) != _shape(other)


def _shape(value: Any) -> str:
    return "x".join(map(str, getattr(value, "shape", ()))) or "scalar"
