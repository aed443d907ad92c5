"""Models with attributes that raise when they are read, none of them AttributeError, and none asked for by forward."""

from __future__ import annotations

import functools
from typing import Any, NoReturn

import torch
from torch import nn


class Misconfigured(Exception):  # noqa: N818 - a library's
    """As libraries have one."""


class Unfitted(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.net = nn.Linear(8, 4)
        self._stats = None

    @property
    def stats(self) -> Any:
        if self._stats is None:
            message = "call fit() first"
            raise ValueError(message)
        return self._stats

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.net(x)


class Inside(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.inner = Unfitted()

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.inner(x).relu()


class Hooks:
    """The part of LightningModule that a Trainer calls, which torch.jit cannot compile."""

    __jit_unused_properties__ = ("logger",)

    @property
    def trainer(self) -> NoReturn:
        message = f"{type(self).__qualname__} is not attached to a `Trainer`."
        raise RuntimeError(message)

    @property
    def logger(self) -> Any:
        return self.trainer.logger

    @functools.cached_property
    def fabric(self) -> NoReturn:
        raise Misconfigured(*[word for word in ("no", "fabric")])  # noqa: C416 - beyond TorchScript

    def training_step(self, batch: Any, *_: Any) -> Any:
        return self.trainer.strategy(batch)


class Trained(Hooks, nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.net = nn.Linear(8, 4)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.net(x)


class Branching(Trained):
    """Only a script gets it right."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if x.sum() > 0:
            return self.net(x)
        return x[:, :4] * 2


class Dynamic(nn.Module):
    """What it does not know is a KeyError."""

    def __init__(self) -> None:
        super().__init__()
        self.net = nn.Linear(8, 4)
        self.extra = {"alpha": 1}

    def __getattr__(self, name: str) -> Any:
        try:
            return super().__getattr__(name)
        except AttributeError:
            return vars(self)["extra"][name]

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.net(x)


class DynamicToo(Dynamic):
    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise Misconfigured(name)
        return super().__getattr__(name)


class Asking(Unfitted):
    """Its forward asks, and is told what everyone is told."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        try:
            return self.net(x) * self.stats
        except ValueError:
            return self.net(x)
