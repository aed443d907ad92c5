"""Models at which Python itself ends, as it does where torch's own tracer or compiler crashes."""

from __future__ import annotations

import os
import signal
from typing import Any

import torch
from torch import nn


def crash() -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


class Traced(nn.Module):
    """Each trace ends Python; a script leaves the branch out."""

    def __init__(self) -> None:
        super().__init__()
        self.net = nn.Linear(8, 4)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if not torch.jit.is_scripting() and torch.jit.is_tracing():
            crash()
        return self.net(x)


class Everywhere(Traced):
    """A lambda is beyond torch.jit.script, so that no way is left."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if torch.jit.is_tracing():
            crash()
        return (lambda y: y * 2)(x)  # noqa: PLC3002


class Compiled(nn.Module):
    """A trace takes the number of the last call with it; torch.jit.script ends Python."""

    def __init__(self) -> None:
        super().__init__()
        self.net = nn.Linear(8, 4)

    def __prepare_scriptable__(self) -> Any:
        crash()

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.net(x) if x.sum() > 0 else x[:, :4]


class Called(nn.Module):
    """It is the model itself."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        crash()
        return x
