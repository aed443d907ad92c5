"""The preprocessing as a module.

Called from Python it runs the transform as its library wrote it; traced or compiled, it leaves the compiled steps in
the file. So the proof of the export is one of the preprocessing as well.
"""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Any

import torch

from ..messages import Problem
from ..users_code.failures import format_compiler_error
from .steps import WAY_OUT, Step


class _OnCpu(torch.nn.Module):  # type: ignore[misc] # torch is Any here
    """Wherever the model is: a GPU resizes to slightly other pixels, and a constant of the user's has one place."""

    def __init__(self, steps: Any) -> None:
        super().__init__()
        self.steps = steps

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        return self.steps(image.cpu()).to(image.device)


class Baked(torch.nn.Module):  # type: ignore[misc]
    """Steps that TorchScript compiles."""

    def __init__(self, steps: list[Step]) -> None:
        super().__init__()
        self.compiled = torch.jit.script(_OnCpu(torch.nn.Sequential(*(step.kernel for step in steps))))
        self.originals = tuple(step.original for step in steps)

    @torch.jit.unused  # type: ignore[untyped-decorator]
    def eager(self, image: torch.Tensor) -> torch.Tensor:
        for original in self.originals:
            image = original(image)
        return image.as_subclass(torch.Tensor)

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        if torch.jit.is_scripting():
            return self.compiled(image)
        if torch.jit.is_tracing():
            return self.compiled(image)
        return self.eager(image)


class Applied(torch.nn.Module):  # type: ignore[misc]
    """A function of the user's as a module."""

    def __init__(self, function: Any) -> None:
        super().__init__()
        self.function = function

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        return self.function(image)


def pipeline(steps: list[Step]) -> Any:
    """An nn.Sequential of compiled runs of steps and of modules called as they are. Raises Problem."""
    parts: list[Any] = []
    for is_compiled, steps_alike in itertools.groupby(steps, key=lambda step: step.kernel is not None):
        group = list(steps_alike)
        parts += [_baked(group)] if is_compiled else map(_module, group)
    return torch.nn.Sequential(*parts)


def _baked(steps: list[Step]) -> Baked:
    try:
        return Baked(steps)
    except Exception as error:
        names = ", ".join(step.name for step in steps)
        message = f"--preprocess cannot be baked: {names} cannot be compiled: {format_compiler_error(error)}"
        raise Problem("unsupported", message, WAY_OUT) from error


def _module(step: Step) -> Any:
    return step.original if isinstance(step.original, torch.nn.Module) else Applied(step.original)


def compiled_where_possible(step: Step) -> Step:
    """A user's own step with the sizes it computes kept open, if TorchScript understands it."""
    if step.kernel is not None or _holds_tensors(step.original):
        return step
    module = _module(step)
    try:
        torch.jit.script(module)
    except Exception:  # noqa: BLE001 - then it is traced, and judged as the rest of the model
        return step
    return replace(step, kernel=module)


def _holds_tensors(original: Any) -> bool:
    """They go where the model goes."""
    if not isinstance(original, torch.nn.Module):
        return False
    return bool([*original.parameters(), *original.buffers()])


def run_compiled(parts: Any, image: Any) -> Any:
    """Run the parts as the exported file will: each compiled where it can be. `image`: uint8, as the model's input."""
    for part in parts:
        image = part.compiled(image) if isinstance(part, Baked) else part(image)
    return image
