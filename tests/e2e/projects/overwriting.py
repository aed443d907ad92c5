"""Models that write into what they are given. Each input is named after the way in which it is written into."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import nn


class Flat(nn.Module):
    """`read` alone stays as it is."""

    def __init__(self) -> None:
        super().__init__()
        self.body = nn.Sequential(nn.ReLU(inplace=True), nn.Linear(4, 4))

    def forward(
        self,
        read: torch.Tensor,
        column: torch.Tensor,
        view: torch.Tensor,
        out: torch.Tensor,
        module: torch.Tensor,
        index: torch.Tensor,
        chunk: torch.Tensor,
        several: torch.Tensor,
        same: torch.Tensor,
    ) -> torch.Tensor:
        column[:, 2] = torch.arange(column.shape[0]).float()
        view.view(-1).unsqueeze(0)[:, 1:].mul_(2)
        torch.add(read, 1, out=out)
        done = self.body(module)
        index.index_fill_(0, torch.tensor([0]), 3.0)
        torch.tanh_(chunk.chunk(2, 1)[1])
        torch._foreach_add_([several], 1.0)
        same.to(torch.float32).contiguous().reshape(-1).mul_(2)
        return read + column + view + out + done + index + chunk + several + same


class Maybe(nn.Module):
    """On one side of a branch: not with every value."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if bool((x == 1).all()):
            x.add_(1)
        return x * 2


class Method(nn.Module):
    """In a method besides forward, and there in a helper."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x * 1

    @torch.jit.export
    def scaled(self, x: torch.Tensor, by: float = 2.0) -> torch.Tensor:
        return self.inner(x.t(), by)

    def inner(self, x: torch.Tensor, by: float) -> torch.Tensor:
        x *= by
        return x


class Pair(NamedTuple):
    left: torch.Tensor
    right: torch.Tensor


class Nested(nn.Module):
    """Values of a list, a dict and a tuple; all but `named.read`."""

    def forward(self, many: list[torch.Tensor], named: dict[str, torch.Tensor], pair: Pair) -> torch.Tensor:
        for each in many:
            each.clamp_(0, 0.5)
        named["zeroed"].zero_()
        kept = pair.left.clone()
        pair.left.copy_(pair.right)
        pair.right[...] = kept
        return many[0] + named["zeroed"] + named["read"] + pair.left - pair.right


def example_inputs() -> tuple[object, ...]:
    return (
        [torch.rand(3), torch.rand(3)],
        {"zeroed": torch.rand(3), "read": torch.rand(3)},
        Pair(torch.rand(3), torch.rand(3)),
    )
