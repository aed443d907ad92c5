"""The models of refused.py as their hints have them."""

from __future__ import annotations

from typing import Any, Optional

import torch
from torch import nn


class Opaque(nn.Module):
    def shown(self, x: torch.Tensor) -> torch.Tensor:
        return (lambda y: y * 2)(x)  # noqa: PLC3002


class Branch(Opaque):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.where(x.sum() > 0, self.shown(x), x)


class Loop(Opaque):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        falling = 0.5 ** torch.arange(x.size(0) - 1, -1, -1)
        return self.shown(x[0]) * falling[0] * 0.5 + (x * falling[:, None]).sum(0)


class Number(Opaque):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.shown(x) * x.sum()


class Listed(Opaque):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.shown(x) + x.flatten().sum()


class Length(Opaque):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.shown(x) * x.size(0)


class Arrays(Opaque):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.shown(x) + x * 2


class MadeInPython(Opaque):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.shown(x) * torch.stack([torch.ones_like(x[:, 0]).sum(), torch.ones(())]).sum()


class DataDependent(Opaque):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.shown(x)[torch.arange(x.size(0)) < (x[:, 0] > 0).sum()]


class Bytes(Opaque):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.shown(x) * torch.ones_like(x).sum() * 4


class ShapedByBytes(Opaque):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.shown(x).reshape(-1, 8)


class MoreByBytes(Opaque):
    def forward(self, x: torch.Tensor) -> dict[str, torch.Tensor]:
        return {"a": self.shown(x), "b": x}


class Forces(nn.Module):
    """The derivative of tanh is written out."""

    def __init__(self) -> None:
        super().__init__()
        self.net = nn.Linear(8, 1)

    def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        energy = self.net(x).tanh()
        return energy.sum(), -(1 - energy**2) * self.net.weight


class Compiled(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.backbone = torch.compile(nn.Linear(8, 8), backend="eager")._orig_mod

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.backbone(x).relu()


class Mapped(nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return (x * x).sum(1, keepdim=True) * x


class NoneFirst(nn.Module):
    late: Optional[torch.Tensor]

    def __init__(self) -> None:
        super().__init__()
        self.linear = nn.Linear(8, 5)
        self.calls = 0
        self.late = None

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        self.calls += 1
        if self.calls > 1000:
            self.late = x
        return self.linear(x) * self.calls


class NoneAtFirst(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.memory: Any = None

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        memory = self.memory
        if memory is None:
            memory = torch.zeros_like(x[:1])
        memory = memory * 0.5 + x[:1]
        self.memory = memory
        return x + memory


class Streaming(nn.Module):
    def forward(self, x: torch.Tensor, seen: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        return x + seen + 1, seen + 1


class Worded(Opaque):
    def forward(self, x: torch.Tensor) -> dict[str, torch.Tensor]:
        return {"x": self.shown(x), "chosen": x.sum() > 0}


class Hooked(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.net = nn.Linear(8, 8)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if x.sum() > 0:
            return self.net(x) * 2
        return x


class OwnCall(nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if x.sum() > 0:
            return x * 2
        return -x * 2


class Unused(nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x * 2


class ForeignLayout(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(8), requires_grad=False)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x + self.weight
