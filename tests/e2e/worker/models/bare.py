"""Parameters without annotation, which torch.jit.script takes for Tensors."""
# ruff: noqa: ANN001, ANN201
# mypy: allow-untyped-defs

import torch
from torch import nn


class BareList(nn.Module):
    def forward(self, xs):
        total = xs[0]
        for x in xs[1:]:
            total = total + x
        return total


class BareNumber(nn.Module):
    def forward(self, x, k):
        return torch.topk(x, k)[0]
