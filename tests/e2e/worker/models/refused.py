"""Models that no way exports, or not the one that is asked for, each for a reason of its own."""

from __future__ import annotations

import os
import signal
from typing import Any

import torch
from torch import nn


class _Opaque(nn.Module):
    """A lambda is beyond torch.jit.script, so that only a trace is left."""

    def shown(self, x: torch.Tensor) -> torch.Tensor:
        return (lambda y: y * 2)(x)  # noqa: PLC3002


class Branch(_Opaque):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if x.sum() > 0:
            return self.shown(x)
        return x


class Loop(_Opaque):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        total = self.shown(x[0])
        for row in x:
            total = total * 0.5 + row
        return total


class Number(_Opaque):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.shown(x) * float(x.sum())


class Listed(_Opaque):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.shown(x) + sum(x.flatten().tolist())


class Length(_Opaque):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.shown(x) * len(x)


class Arrays(_Opaque):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.shown(x) + torch.from_numpy(x.detach().numpy() * 2)


class MadeInPython(_Opaque):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.shown(x) * torch.tensor([x.size(0), 1.0]).sum()


class DataDependent(_Opaque):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.shown(x)[: int((x[:, 0] > 0).sum())]


class Silent(_Opaque):
    """torch.equal freezes a branch without a warning."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.shown(x) if torch.equal(x, x.abs()) else x


class Bytes(_Opaque):
    """A number that neither torch nor anyone else sees being taken."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.shown(x) * x.untyped_storage().nbytes()


class ShapedByBytes(_Opaque):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.shown(x).reshape(x.untyped_storage().nbytes() // 32, 8)


class MoreByBytes(_Opaque):
    def forward(self, x: torch.Tensor) -> dict[str, torch.Tensor]:
        return {"a": self.shown(x), **({"b": x} if x.untyped_storage().nbytes() > 80 else {})}


class Unused(nn.Module):
    @torch.jit.unused
    def in_python(self, x: torch.Tensor) -> torch.Tensor:
        return x * 2

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.in_python(x)


class Forces(nn.Module):
    """torch.jit.script would export the derivative, and does not know the lambda."""

    def __init__(self) -> None:
        super().__init__()
        self.net = nn.Linear(8, 1)

    def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        with torch.enable_grad():
            x = x.detach().requires_grad_(requires_grad=True)
            energy = (lambda y: self.net(y).tanh().sum())(x)  # noqa: PLC3002
            (gradient,) = torch.autograd.grad([energy], [x])
        return energy.detach(), -gradient


class OfWeights(Forces):
    """Differentiates by what requires no gradients here."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.autograd.grad([self.net(x).tanh().sum()], [self.net.weight])[0]


class Kept:
    def __init__(self, part: nn.Module) -> None:
        self.part = part


class Compiled(nn.Module):
    """In an object that is no module, whose inside is not looked at."""

    def __init__(self) -> None:
        super().__init__()
        self.held = Kept(torch.compile(nn.Linear(8, 8), backend="eager"))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.held.part(x).relu()


class Mapped(nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.vmap(lambda row: row.dot(row) * row)(x)


class Jacobian(nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.func.jacrev(lambda y: y.sin() * y.sum())(x)


class Crashing(nn.Module):
    """Ends Python while torch traces it."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if torch.jit.is_tracing():
            os.kill(os.getpid(), signal.SIGSEGV)
        return x


class Streaming(nn.Module):
    """Keeps what it has seen in a list, which no script types."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[Any] = []

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        self.seen.append((lambda y: y)(x))  # noqa: PLC3002
        return x + len(self.seen)


class NoneFirst(nn.Module):
    """What it holds one day no call shows."""

    def __init__(self) -> None:
        super().__init__()
        self.linear = nn.Linear(8, 5)
        self.calls = 0
        self.late: Any = None

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        self.calls += 1
        if self.calls > 1000:
            self.late = x
        return self.linear(x) * self.calls


class NoneAtFirst(nn.Module):
    """An attribute is compared with None, and read as a tensor after that."""

    def __init__(self) -> None:
        super().__init__()
        self.memory: Any = None

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if self.memory is None:
            self.memory = torch.zeros_like(x[:1])
        self.memory = self.memory * 0.5 + x[:1]
        return x + self.memory


class Worded(_Opaque):
    """Strings come out."""

    def forward(self, x: torch.Tensor) -> Any:
        return {"x": self.shown(x), "words": "abc" if x.sum() > 0 else "d"}


class Spelled(_Opaque):
    """Strings go in."""

    def forward(self, x: torch.Tensor, word: str) -> torch.Tensor:
        return self.shown(x) + sum(ord(letter) for letter in word)


class OnlyWords(nn.Module):
    def forward(self, word: str) -> torch.Tensor:
        return torch.ones(len(word))


class Keyword(_Opaque):
    def forward(self, *, x: torch.Tensor) -> torch.Tensor:
        return self.shown(x)


class Hooked(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.net = nn.Linear(8, 8)
        self.net.register_forward_hook(lambda _module, _given, answer: answer * 2)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if x.sum() > 0:
            return self.net(x)
        return x


class OwnCall(nn.Module):
    def __call__(self, x: torch.Tensor) -> torch.Tensor:
        return super().__call__(x) * 2

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if x.sum() > 0:
            return x
        return -x


class Opaque(_Opaque):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.shown(x)


class Holder(nn.Module):
    """Its own forward cannot be compiled, all its parts can."""

    def __init__(self) -> None:
        super().__init__()
        self.net = nn.Linear(8, 8)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return (lambda y: self.net(y))(x)  # noqa: PLC3002, PLW0108


class ByName(nn.Module):
    """Calls a part that cannot be compiled by keyword."""

    def __init__(self) -> None:
        super().__init__()
        self.part = Opaque()

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.part(x=x) + 1


class ForeignLayout(nn.Module):
    """oneDNN's own layout has no storage to be written."""

    def __init__(self) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(8).to_mkldnn(), requires_grad=False)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x * 2


class ForeignConstant(nn.Module):
    """No trace holds a constant of that layout."""

    def __init__(self) -> None:
        super().__init__()
        self.weight = torch.ones(8).to_mkldnn()

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x + self.weight.to_dense()
