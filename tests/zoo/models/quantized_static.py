"""Quantized with another engine than LibTorch's own (cause 10)."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn

ALLOWED = ("right",)
WORDS = ("--input", "x=Nx3x8x8")


class Net(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.quant, self.dequant = torch.ao.quantization.QuantStub(), torch.ao.quantization.DeQuantStub()
        self.conv, self.relu = nn.Conv2d(3, 8, 3), nn.ReLU()

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y: torch.Tensor = self.dequant(self.relu(self.conv(self.quant(x))))
        return y


def Model() -> Any:  # noqa: N802 - the zoo takes Model from every file
    torch.backends.quantized.engine = "fbgemm"
    model = Net().eval()
    model.qconfig = torch.ao.quantization.get_default_qconfig("fbgemm")
    prepared = torch.ao.quantization.prepare(model)
    for _ in range(4):
        prepared(torch.randn(2, 3, 8, 8) * 3)
    return torch.ao.quantization.convert(prepared)
