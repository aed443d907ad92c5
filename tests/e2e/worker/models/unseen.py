"""What a trace or a script gets wrong where nobody looks: at other sizes, on rare values, after many calls."""

from __future__ import annotations

import warnings
from typing import Any, Dict  # noqa: UP035 - what torch.jit.script reads in every version

import numpy as np
import torch
from torch import nn


class Linear(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.linear = nn.Linear(4, 3)


class Stepped(nn.Module):
    """A step of 1/n is rounded to float32 while it is traced: at some lengths there is one element more."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x.sum(1) * torch.arange(0, 1, 1 / x.shape[1]).numel()


class Floored(nn.Module):
    """Neither way of exporting rounds like Python."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x * (x.shape[1] / 10 // 0.1)


class Divided(nn.Module):
    """Within the tolerance, but not exact."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x.double() * (x.shape[1] / 3) + x.double() ** 2


class Limited(nn.Module):
    """Far beyond the example another way begins; `**_` is beyond torch.jit.script."""

    def __init__(self) -> None:
        super().__init__()
        self.limit = 100

    def forward(self, x: torch.Tensor, **_: Any) -> torch.Tensor:
        return x * 100 if x.shape[1] > self.limit else x


class Remembering(nn.Module):
    """A long input leaves it unfit for torch.jit.trace: two buffers are one then."""

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("first", torch.ones(1))
        self.register_buffer("other", torch.ones(1))

    def forward(self, x: torch.Tensor, **_: Any) -> torch.Tensor:
        if x.shape[1] > 40:
            self.other = self.first
            return x * self.other * 2
        return x * self.other


class Silenced(Linear):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            rare = bool(x.mean() > 5) and bool(x.mean() < 6)
        return self.linear(x) * 100 if rare else self.linear(x)


class Close(Linear):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if torch.allclose(x.mean(), torch.full_like(x.mean(), 5.0), atol=0.5):
            return self.linear(x) * 100
        return self.linear(x)


class Equal(Linear):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if torch.equal(x, torch.full_like(x, 7.0)):
            return self.linear(x) * 100
        return self.linear(x)


class Shared(Linear):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.linear(x) * 100 if np.from_dlpack(x).mean() > 1e6 else self.linear(x)


class Caught(Linear):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        try:
            factor = torch.linalg.cholesky(torch.diag(x[0].abs() + 1 - 1e9 * (x[0] > 1e6)))
        except torch.linalg.LinAlgError:
            factor = torch.zeros(4, 4)
        return self.linear(x) + factor.sum()


class Warming(Linear):
    """Another way from the hundredth call on."""

    def __init__(self) -> None:
        super().__init__()
        self.calls = 0

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        self.calls += 1
        return self.linear(x) * 100 if self.calls > 100 else self.linear(x)


class WarmingUncompilable(Warming):
    def forward(self, x: torch.Tensor, **_: Any) -> torch.Tensor:
        self.calls += 1
        return self.linear(x) * 100 if self.calls > 100 else self.linear(x)


class Doubling(nn.Linear):
    def __call__(self, x: torch.Tensor) -> torch.Tensor:
        y = super().__call__(x)
        return y * 100 if bool(x.mean() > 1e6) else y


class OwnCall(Linear):
    def __init__(self) -> None:
        super().__init__()
        self.linear = Doubling(4, 3)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.linear(x)


class OnlyInPython(Linear):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y = self.linear(x)
        if torch.jit.is_scripting():
            return y
        else:  # noqa: RET505, PLR5501 - a branch that torch.jit.script does not read
            if bool(x.mean() > 1e6):
                y = y * 100
        return y


class Counted(Linear):
    def forward(self, x: torch.Tensor, word: str = "abc") -> torch.Tensor:
        return self.linear(x) * len(word)


class Raised(Linear):
    def forward(self, x: torch.Tensor, word: str = "abc") -> torch.Tensor:
        return self.linear(x) * 100 if word.upper() == "ÄB" else self.linear(x)


class Placed(Linear):
    def forward(self, x: torch.Tensor, word: str = "abc") -> torch.Tensor:
        return self.linear(x) * word.rindex("c")


class Named(Linear):
    def forward(self, x: torch.Tensor, word: str = "abc") -> torch.Tensor:
        return self.linear(x) * 100 if word.isidentifier() else self.linear(x)


class Labelled(Linear):
    def forward(self, x: torch.Tensor, k: float = 0.5) -> Dict[str, Any]:  # noqa: UP006
        return {"y": self.linear(x), "label": "k=" + str(k)}


class Power(Linear):
    def forward(self, x: torch.Tensor, k: int = 3) -> torch.Tensor:
        return self.linear(x) * float((k**21) % 1000)


class NotANumber(Linear):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.linear(x) * float("nan")


class Unregistered(Linear):
    def __init__(self) -> None:
        super().__init__()
        self.dropouts = [nn.Dropout(0.5)]

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.dropouts[0](self.linear(x))
