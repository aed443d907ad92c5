"""Models for `tsgen test --bisect`; the tests look for the lines that are marked."""

from __future__ import annotations

import torch
from torch import nn


class Block(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 3)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.relu(self.conv(x))


class Net(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.block = Block()
        self.fc = nn.Linear(4, 2)
        self.fc.weight.data.fill_(0.625)  # by which the test finds it in the file

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y = self.block(x)
        y += 1
        z = self.fc(y.mean((2, 3)))  # the weight
        return z * 2


class Loop(nn.Module):
    """Has to be scripted: its loop and its branch follow the values."""

    def __init__(self) -> None:
        super().__init__()
        self.fc = nn.Linear(4, 4)

    def forward(self, x: torch.Tensor, turns: int) -> dict[str, torch.Tensor]:
        for _ in range(turns):
            x = self.fc(x) if bool(x.sum() > 0) else torch.tanh(x) + 1
        left, right = x.chunk(2, -1)
        return {"left": left, "more": right > 0}


class Counter(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("seen", torch.zeros(4))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        self.seen += x.mean(0)
        return x * self.seen


def quantized() -> nn.Module:
    torch.backends.quantized.engine = "qnnpack"
    stub, back = torch.ao.quantization.QuantStub(), torch.ao.quantization.DeQuantStub()
    conv = nn.Sequential(stub, nn.Conv2d(8, 8, 3, groups=8), back).eval()
    conv.qconfig = torch.ao.quantization.get_default_qconfig("qnnpack")
    prepared = torch.ao.quantization.prepare(conv)
    prepared(torch.randn(2, 8, 8, 8) * 3)
    return torch.ao.quantization.convert(prepared)
