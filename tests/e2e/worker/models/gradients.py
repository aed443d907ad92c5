"""Models whose forward differentiates."""

from __future__ import annotations

import torch
from torch import nn


class _Net(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.net = nn.Sequential(nn.Linear(3, 8), nn.Tanh(), nn.Linear(8, 1))


class Forces(_Net):
    """As plain Python has it: gradients switched on inside, one tensor unpacked."""

    def forward(self, pos):  # noqa: ANN001, ANN201 - as many are written
        with torch.enable_grad():
            pos = pos.detach().requires_grad_(True)
            energy = self.net(pos).sum()
            (grad,) = torch.autograd.grad([energy], [pos])
        return energy.detach(), -grad


class Ambient(_Net):
    """As deployed potentials have it: gradients are on in plain Python and plain C++."""

    def forward(self, pos: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        pos = pos.detach().requires_grad_(True)
        energy = self.net(pos).sum()
        grad = torch.autograd.grad([energy], [pos])[0]
        assert grad is not None
        return energy.detach(), -grad


class Asked(_Net):
    """The caller is to give a position that requires gradients; a scale that need not."""

    def forward(self, pos: torch.Tensor, scale: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        energy = self.net(pos) * scale.abs()
        return energy, torch.autograd.grad(energy, pos, grad_outputs=torch.ones_like(energy), create_graph=True)[0]


class Twice(_Net):
    """Physics-informed: second derivatives."""

    def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        x.requires_grad_(True)
        u = self.net(x)
        du = torch.autograd.grad(u.sum(), x, create_graph=True)[0]
        return du, torch.autograd.grad(du[:, 0].sum(), x, create_graph=True)[0][:, 0]


class Backward(_Net):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        with torch.set_grad_enabled(True):
            x = x.detach().clone().requires_grad_(True)
            self.net(x).sum().backward()
        return x.grad


class Jacobian(_Net):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.func.jacrev(lambda y: self.net(y).sum())(x)


class Uncompilable(_Net):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        with torch.enable_grad():
            x = x.detach().requires_grad_(True)
            energy = (lambda y: self.net(y).sum())(x)  # noqa: PLC3002
            return torch.autograd.grad(energy, x)[0]


class ByWeights(_Net):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.autograd.grad(self.net(x).sum(), self.net[0].weight)[0]
