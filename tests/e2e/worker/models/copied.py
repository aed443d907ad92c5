"""Models whose deep copy is another model, unless what was lost on the way is given back."""

from __future__ import annotations

import copy
from typing import Any

import torch
from torch import fx, nn


class Block(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 3, padding=1)
        self.norm = nn.BatchNorm2d(4)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.norm(self.conv(x)).relu()


class Anew(Block):
    """Copies itself as a class does that calls its __init__: in train mode."""

    def __deepcopy__(self, memo: dict[int, Any]) -> Anew:
        made = Anew()
        made.load_state_dict(self.state_dict())
        return made


class Switching(nn.Module):
    """Its part computes with another graph in train mode, and begins there when it is copied."""

    def __init__(self) -> None:
        super().__init__()
        self.body = Switched()

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.body(x)


class Switched(Block):
    def __init__(self) -> None:
        super().__init__()
        self.factor = 2.0

    def train(self, mode: bool = True) -> Switched:  # noqa: FBT001, FBT002 - as torch has it
        self.factor = 2.0 if mode else 1.0
        super().train(mode)
        return self

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return super().forward(x) * self.factor

    def __deepcopy__(self, memo: dict[int, Any]) -> Switched:
        made = Switched()
        made.load_state_dict(self.state_dict())
        return made


class Redrawn(Block):
    """Its copy has other numbers."""

    def __deepcopy__(self, memo: dict[int, Any]) -> Redrawn:
        made = Redrawn()
        made.eval()
        return made


def hooked() -> nn.Module:
    """torch.fx copies no forward hook."""
    made = fx.symbolic_trace(Block())
    made.register_forward_hook(lambda _module, _given, output: output * 2)
    return made


class Streaming(Anew):
    """Keeps state, so that its copy is what is exported."""

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("seen", torch.zeros(()))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        self.seen += x.sum()
        return self.norm(self.conv(x)) + self.seen

    def __deepcopy__(self, memo: dict[int, Any]) -> Streaming:
        made = Streaming()
        made.load_state_dict(copy.deepcopy(self.state_dict(), memo))
        return made


def extractor() -> nn.Module:
    from torchvision.models import resnet18  # noqa: PLC0415 - of this one alone
    from torchvision.models.feature_extraction import create_feature_extractor  # noqa: PLC0415 - as above

    return create_feature_extractor(resnet18(weights=None), ["layer1", "layer2"])
