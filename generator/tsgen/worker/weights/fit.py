"""Whether a state_dict fits a model: the module's own strict load_state_dict says so, hooks for old names included."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch

from ..messages import Problem
from ..suggest import format_names
from ..users_code.failures import format_error
from ..users_code.needs import is_memory

if TYPE_CHECKING:
    from pathlib import Path

    from ..aliases import Model, Value


def load(model: Model, state: dict[str, Any]) -> bool:
    """Whether the model took it; else some of its tensors may have been written."""
    return not _refusal(model, state)


def misfit(path: Path, model: Model, states: list[dict[str, Any]]) -> Problem:
    """What is wrong with the one that has most of the model's names."""
    expected = model.state_dict()
    state = max(states, key=lambda state: sum(key in expected for key in state))
    faults = {**_names_at_fault(model, state), "of another shape": _of_another_shape(state, expected)}
    said_of = [f"{what}: {format_names(keys)}" for what, keys in faults.items() if keys]
    of_another = expected and not any(key in expected for key in state)
    what = "is the state_dict of another model" if of_another else "does not fit the model"
    said = "; ".join(said_of) or _refusal(model, state)
    return Problem("bad_weights", f"{path.name} {what}; {said}", "check --model and --model-arg")


def _refusal(model: Model, state: dict[str, Any]) -> str:
    expected = model.state_dict()
    if different := _of_another_shape(state, expected):  # before a lazy layer takes the shape of what else is there
        return different[0]
    try:
        model.load_state_dict(_with_tied(state, expected))
    except Exception as error:
        if is_memory(error):
            raise
        return format_error(error)
    return ""


def _names_at_fault(model: Model, state: dict[str, Any]) -> dict[str, list[str]]:
    expected = model.state_dict()
    whole = _with_tied(state, expected)
    fitting = {key: value for key, value in whole.items() if key not in expected or not _differ(value, expected[key])}
    different = [key for key in whole if key not in fitting]
    try:
        missing, unexpected = model.load_state_dict(fitting, strict=False)
    except Exception as error:
        if is_memory(error):
            raise
        missing = [key for key in expected if key not in whole]
        unexpected = [key for key in whole if key not in expected]
    return {"missing": [key for key in missing if key not in different], "unexpected": list(unexpected)}


def _of_another_shape(state: dict[str, Any], expected: dict[str, Any]) -> list[str]:
    return [
        f"{key} ({_shape(value)} in the file, {_shape(expected[key])} in the model)"
        for key, value in state.items()
        if key in expected and _differ(value, expected[key])
    ]


def _with_tied(state: dict[str, Any], expected: dict[str, Any]) -> dict[str, Any]:
    """One tensor under two names: safetensors keeps it under one of them."""
    places = {_place(expected[key]): value for key, value in state.items() if key in expected}
    missing = {key: _place(value) for key, value in expected.items() if key not in state}
    tied = {key: places[place] for key, place in missing.items() if place is not None and place in places}
    return {**state, **tied}


def _place(value: Value) -> tuple[int, tuple[int, ...]] | None:
    if not isinstance(value, torch.Tensor) or isinstance(value, torch.nn.parameter.UninitializedTensorMixin):
        return None
    return (value.data_ptr(), tuple(value.shape)) if value.numel() else None


def _differ(one: Any, other: Any) -> bool:
    """A lazy layer takes any shape, and a number takes a tensor of one element, as old files have it."""
    if isinstance(other, torch.nn.parameter.UninitializedTensorMixin):
        return False
    return _shape(one) != _shape(other) and (_shape(one), _shape(other)) != ("1", "scalar")


def _shape(value: Value) -> str:
    return "x".join(map(str, getattr(value, "shape", ()))) or "scalar"
