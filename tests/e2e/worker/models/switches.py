"""Models whose code sets a switch of the whole process."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn


class _Small(nn.Module):
    """What it computes on the way is smaller than the smallest normal number."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return (x.sign() * 1e-30 * 1e-10) * 1e30 * 1e10 + x


def _set(switch: Any, name: str, value: Any) -> nn.Module:
    setattr(switch, name, value)
    return nn.Linear(8, 2)


def bf16_products() -> nn.Module:
    """The newer spelling, after which torch refuses to say what the older one would."""
    return _set(torch.backends.mkldnn.matmul, "fp32_precision", "bf16")


def medium() -> nn.Module:
    torch.set_float32_matmul_precision("medium")
    return nn.Linear(8, 2)


def both() -> nn.Module:
    torch.set_float32_matmul_precision("high")
    return _set(torch.backends.mkldnn.conv, "fp32_precision", "bf16")


def deterministic() -> nn.Module:
    torch.use_deterministic_algorithms(mode=True, warn_only=True)
    return nn.Linear(8, 2)


def flushed() -> nn.Module:
    torch.set_flush_denormal(True)
    return _Small()


def without_onednn() -> nn.Module:
    torch._C._set_mkldnn_enabled(False)
    return nn.Linear(8, 2)


def without_flash() -> nn.Module:
    torch.backends.cuda.enable_flash_sdp(enabled=False)
    return nn.Linear(8, 2)


def on_a_gpu() -> nn.Module:
    return _set(torch.backends.cudnn, "benchmark", value=True)


def other_dtype() -> nn.Module:
    torch.set_default_dtype(torch.float64)
    return nn.Linear(8, 2)


def autocast() -> nn.Module:
    torch.set_autocast_enabled("cpu", True)
    return nn.Linear(8, 2)


def without_nnpack() -> nn.Module:
    torch.backends.nnpack.set_flags(False)
    return nn.Linear(8, 2)


class InForward(nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        torch.set_flush_denormal(True)
        return x * 2
