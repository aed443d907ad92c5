"""Weights from a file into a model: every tensor must fit."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch

from . import weights_file
from .protocol import Problem
from .suggest import shown

if TYPE_CHECKING:
    from .protocol import Request

_WRAPPERS = ("state_dict", "model_state_dict", "model")
"""Where training checkpoints customarily keep the state_dict, or under --unsafe-pickle the model."""
_PREFIXES = ("module.", "_orig_mod.")
"""Before every name, of DataParallel and of torch.compile."""


def load_named(model: Any, request: Request) -> tuple[str, ...]:
    """The request's file, if it names one."""
    named = request.weights not in ("none", "DEFAULT")
    return load_file(model, request.weights, unsafe=request.unsafe_pickle) if named else ()


def load_file(model: Any, name: str, *, unsafe: bool) -> tuple[str, ...]:
    """Loads in place; returns the files the export now depends on. Raises Problem."""
    path = Path(name)
    state = _unwrapped(weights_file.read(path, unsafe=unsafe))
    if isinstance(state, torch.jit.ScriptModule):  # older torch loads it here, newer torch refuses
        raise weights_file.is_torchscript(path)
    if isinstance(state, torch.nn.Module):  # saved whole
        state = state.state_dict()
    if not isinstance(state, dict) or not all(isinstance(value, torch.Tensor) for value in state.values()):
        raise Problem("bad_weights", f"{path} does not hold a state_dict but {_described(state)}", weights_file.HINT)
    state = _bare(state, model)
    _check_fit(path, model, state)
    model.load_state_dict(state, strict=False)  # what is still missing is tied to what is there
    return (str(path.resolve()),)


def _unwrapped(state: Any) -> Any:
    for key in _WRAPPERS if isinstance(state, dict) else ():
        if isinstance(state.get(key), (dict, torch.nn.Module)):
            return state[key]
    return state


def _bare(state: dict[str, Any], model: Any) -> dict[str, Any]:
    """Without a wrapper's prefix, unless the model's own names begin with it."""
    own = list(model.state_dict())
    for prefix in _PREFIXES:
        wrapped = state and all(str(key).startswith(prefix) for key in state)
        if wrapped and not any(key.startswith(prefix) for key in own):
            state = {key[len(prefix) :]: value for key, value in state.items()}
    return state


def _described(state: Any) -> str:
    if isinstance(state, dict):
        odd = [key for key, value in state.items() if not isinstance(value, torch.Tensor)]
        return f"a dict with other things under {shown(map(repr, odd), most=5)}"
    return type(state).__name__


def _check_fit(path: Path, model: Any, state: dict[str, Any]) -> None:
    expected = model.state_dict()
    faults = {
        "missing": [key for key in expected if key not in state and not _is_tied(key, expected, state)],
        "unexpected": [key for key in state if key not in expected],
        "of another shape": [
            f"{key} ({_shape(value)} in the file, {_shape(expected[key])} in the model)"
            for key, value in state.items()
            if key in expected and _differ(value, expected[key])
        ],
    }
    said_of = [f"{what}: {shown(keys)}" for what, keys in faults.items() if keys]
    if not said_of:
        return
    of_another = expected and not any(key in expected for key in state)
    what = "is the state_dict of another model" if of_another else "does not fit the model"
    raise Problem("bad_weights", f"{path.name} {what}; {'; '.join(said_of)}", "check --model and --model-arg")


def _is_tied(key: str, expected: dict[str, Any], state: dict[str, Any]) -> bool:
    """One tensor under two names: safetensors keeps it under one of them."""
    place = _place(expected[key])
    return place is not None and any(place == _place(expected[other]) for other in state if other in expected)


def _place(value: Any) -> tuple[int, tuple[int, ...]] | None:
    if not isinstance(value, torch.Tensor) or isinstance(value, torch.nn.parameter.UninitializedTensorMixin):
        return None
    return (value.data_ptr(), tuple(value.shape)) if value.numel() else None


def _differ(one: Any, other: Any) -> bool:
    """A lazy layer takes any shape."""
    lazy = isinstance(other, torch.nn.parameter.UninitializedTensorMixin)
    return not lazy and _shape(one) != _shape(other)


def _shape(value: Any) -> str:
    return "x".join(map(str, getattr(value, "shape", ()))) or "scalar"
