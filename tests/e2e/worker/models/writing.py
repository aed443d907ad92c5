"""Models that write while they are called, and some that only look as if they did."""

from __future__ import annotations

from typing import NamedTuple, Optional

import torch
from torch import nn


class Scratch(nn.Module):
    """The answer is a view of memory that the next call overwrites."""

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("scratch", torch.zeros(64, 4))
        self.linear = nn.Linear(4, 4)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        rows = self.scratch[: x.shape[0]]
        rows.copy_(self.linear(x))
        return rows


class Nested(nn.Module):
    """Its scratch memory is a part's; keyword-only parameters are beyond a plain trace."""

    def __init__(self) -> None:
        super().__init__()
        self.head = Scratch()

    def forward(self, *, x: torch.Tensor) -> dict[str, Optional[torch.Tensor]]:
        return {"y": self.head(x) * 1, "none": None}


class Growing(nn.Module):
    """A table for the longest input so far."""

    def __init__(self) -> None:
        super().__init__()
        self.table = torch.zeros(1)
        self.longest = 0

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        n = x.shape[1]
        if n > self.longest:
            self.longest = n
            self.table = torch.arange(n).to(x.dtype).cos()
        return x * self.table[:n]


class Gridded(nn.Module):
    """A grid for the last size, which is a torch.Size and none at first."""

    def __init__(self) -> None:
        super().__init__()
        self.pool = nn.AvgPool2d(4)
        self.size = None
        self.grid = torch.empty(0)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y = self.pool(x)
        size = y.shape[2:]
        if self.size != size:
            rows, columns = torch.arange(size[0]), torch.arange(size[1])
            self.grid = (rows.unsqueeze(1) * 100 + columns).float()
            self.size = size
        return y + self.grid


class Ring(nn.Module):
    """The mean of the last four calls."""

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("ring", torch.zeros(4, 3))
        self.at = 0

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        self.ring[self.at] = x.mean(0)
        self.at = (self.at + 1) % 4
        return self.ring.mean(0)


class Biased(nn.Module):
    """A dict of what was computed before."""

    def __init__(self) -> None:
        super().__init__()
        self.bias = nn.Parameter(torch.ones(3))
        self.known: dict[str, torch.Tensor] = {}

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        key = str(x.shape[0])
        if key not in self.known:
            self.known[key] = self.bias * x.shape[0]
        return x + self.known[key]


class Listed(nn.Module):
    """One tensor of a list, written in place."""

    def __init__(self) -> None:
        super().__init__()
        self.slots: list[torch.Tensor] = [torch.zeros(64, 3), torch.zeros(64, 3)]

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        slot = self.slots[1][: x.shape[0]]
        slot.copy_(x)
        return slot * 2


class Shared(nn.Module):
    """Its buffer becomes the input's memory."""

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("last", torch.zeros(1))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        self.last.set_(x)
        return x + 1


class Rarely(nn.Module):
    """No input that is tried comes there."""

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("seen", torch.zeros(1))
        self.register_buffer("rows", torch.zeros(64, 3))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if x.shape[0] > 5000:
            self.seen.add_(1)
        total = torch.zeros(3)
        for row in range(x.shape[0]):
            if x.shape[0] <= 64:
                self.rows[row] = x[row]
                total = total + self.rows[row]
        return total


class Column(nn.Module):
    def forward(self, x: torch.Tensor, last: torch.Tensor) -> torch.Tensor:
        x[:, 0] = last.sum()
        return x * 2


class Elements(nn.Module):
    """Changes the elements of a list, half of a tuple, and nothing of what else it gets."""

    def forward(
        self, images: list[torch.Tensor], pair: tuple[torch.Tensor, torch.Tensor], scale: torch.Tensor
    ) -> torch.Tensor:
        total = scale.clone()
        for image in images:
            total = total + image.mul_(2).sum()
        first, second = pair
        first.view(-1)[0] = 0
        return total + first.sum() + second.sum()


class Keeping(nn.Module):
    """Keeps its input: a program may have freed it by the next call."""

    def __init__(self) -> None:
        super().__init__()
        self.last = torch.zeros(1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        self.last = x
        return x + 1


class Baked(nn.Module):
    """What torch.tensor makes is a constant of a trace."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        made = torch.tensor([0.0, 1.0])
        made[0] = x.sum()
        return made * 1


class Entries(nn.Module):
    """Only `noted` writes."""

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("note", torch.zeros(1))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x + 1 if x.shape[0] > 1 else x + 1.0

    @torch.jit.export
    def noted(self, x: torch.Tensor) -> torch.Tensor:
        self.note.copy_(x.sum().reshape(1))
        return self.note * 2


@torch.jit.interface
class Step(nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        pass


class Behind(nn.Module):
    """Which module it calls is known when it runs."""

    step: Step

    def __init__(self) -> None:
        super().__init__()
        self.step = Scratch()

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.step.forward(x) * 1


class Outer(NamedTuple):
    fresh: torch.Tensor
    given: torch.Tensor


class Silent(nn.Module):
    """Writes only what it has made, although a write to an input or a weight is a step away."""

    def __init__(self) -> None:
        super().__init__()
        self.norm = nn.BatchNorm1d(3)
        self.instance = nn.InstanceNorm1d(3)
        self.drop = nn.Dropout(inplace=True)
        self.steps = 0

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if self.training:
            self.steps = self.steps + 1
        pair = _paired(self.norm(x), x)
        pair.fresh.relu_()
        with torch.no_grad():
            known = {"a": pair.fresh + 1, "b": pair.given + 1}
        known["a"].add_(1)
        found = [part.mul_(2) for part in known.values()]
        out = self.norm.weight.clone()
        out[0] = found[0].sum()
        whole = self.drop(self.instance(pair.given.unsqueeze(0)))
        return whole[0] + torch.stack(found).sum(0) + out


def _paired(fresh: torch.Tensor, given: torch.Tensor) -> Outer:
    return Outer(fresh, given)


class Recurrent(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.lstm = nn.LSTM(8, 4, num_layers=2, dropout=0.5)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.lstm(x)[0]
