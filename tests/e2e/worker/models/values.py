"""Inputs of every kind: lists, dicts, tuples, numbers, strings, what may be left out."""

from __future__ import annotations

from typing import Dict, List, Optional, Tuple  # noqa: UP035 - what torch.jit.script reads in every version

import torch
from torch import nn


class Lists(nn.Module):
    def forward(self, xs: List[torch.Tensor]) -> torch.Tensor:  # noqa: UP006
        return torch.stack([x.mean() for x in xs])


class Masked(nn.Module):
    def forward(self, x: torch.Tensor, mask: Optional[torch.Tensor] = None) -> torch.Tensor:
        return x * 2 if mask is None else (x * 2).masked_fill(mask, 0.0)


class KeywordNumber(nn.Module):
    def forward(self, x: torch.Tensor, *, bias: Optional[torch.Tensor] = None, scale: float = 2.0) -> torch.Tensor:
        return x * scale if bias is None else x * scale + bias


class FrozenNumber(nn.Module):
    """Neither compiled, nor kept by a trace: a Python number decides."""

    def forward(self, x: torch.Tensor, *, times: int = 1) -> torch.Tensor:
        for _ in range(times):
            x = torch.tanh(x)
        return x


class Moded(nn.Module):
    def forward(self, x: torch.Tensor, mode: str = "add", twice: bool = False) -> torch.Tensor:  # noqa: FBT001, FBT002
        y = x + 1 if mode == "add" else x * 3
        return y * 2 if twice else y


class Grouped(nn.Module):
    def forward(self, batch: Dict[str, torch.Tensor], pair: Tuple[torch.Tensor, torch.Tensor]) -> torch.Tensor:  # noqa: UP006
        return batch["x"] + batch["y"] + pair[0] * pair[1]


class Gate(nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x if x.sum() > 0 else -x


class Mixture(nn.Module):
    """Its part needs a script, itself a trace."""

    def __init__(self) -> None:
        super().__init__()
        self.gate = Gate()
        self.linear = nn.Linear(4, 4)

    def forward(self, x: torch.Tensor, **_: torch.Tensor) -> Dict[str, torch.Tensor]:  # noqa: UP006
        return {key: self.linear(value) for key, value in {"gated": self.gate(x)}.items()}


class Unscriptable(nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return (lambda y: y * 2)(x)  # noqa: PLC3002


class Outer(nn.Module):
    """Itself needs a script, its part a trace."""

    def __init__(self) -> None:
        super().__init__()
        self.part = Unscriptable()

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if x.sum() > 0:
            x = x + 1
        return self.part(x)


class Methods(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.linear = nn.Linear(4, 3)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.decode(self.encode(x), 2.0)

    @torch.jit.export
    def encode(self, x: torch.Tensor) -> torch.Tensor:
        return self.linear(x)

    @torch.jit.export
    def decode(self, z: torch.Tensor, scale: float = 1.5) -> torch.Tensor:
        return torch.tanh(z) * scale


def example_inputs_decode() -> tuple[torch.Tensor, float]:
    return torch.randn(2, 3), 3.0


class Quantized(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        model = nn.Sequential(nn.Linear(8, 8))
        self.inner = torch.ao.quantization.quantize_dynamic(model, {nn.Linear}, dtype=torch.qint8)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.inner(x)
