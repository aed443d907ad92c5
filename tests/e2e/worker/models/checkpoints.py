"""A model as training loops save it: `write(folder)` writes each file that they are known to write, with one answer."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

import torch
from torch import nn

if TYPE_CHECKING:
    from pathlib import Path


class Model(nn.Module):
    """With a shared weight, and a norm that counts its batches."""

    def __init__(self) -> None:
        super().__init__()
        self.backbone = nn.Sequential(nn.Linear(4, 8), nn.BatchNorm1d(8))
        self.head = nn.Linear(8, 8, bias=False)
        self.tied = nn.Linear(8, 8, bias=False)
        self.tied.weight = self.head.weight

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.tied(self.head(self.backbone(x)))


class Normed(nn.Module):
    """Its names are those of torch.nn.utils.parametrizations; older files say `weight_g` and `weight_v`."""

    def __init__(self) -> None:
        super().__init__()
        self.linear = nn.utils.parametrizations.weight_norm(nn.Linear(4, 8))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.linear(x)


class Parallel(nn.Module):
    """Its own part is wrapped, as it was when the file without wrappers was written."""

    def __init__(self) -> None:
        super().__init__()
        self.net = nn.DataParallel(Model())

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.net(x)


def example_inputs() -> tuple[torch.Tensor]:
    return (torch.ones(2, 4),)


def write(folder: Path) -> None:
    torch.manual_seed(7)
    model = Model().eval()
    state = model.state_dict()
    other = {name: torch.zeros_like(value) for name, value in state.items()}
    for name, contents in {**_wrapped(model, state), **_grouped(state, other), **_old(model, state)}.items():
        torch.save(contents, folder / name)


def _prefixed(prefix: str, state: dict[str, Any]) -> dict[str, Any]:
    return {prefix + name: value for name, value in state.items()}


def _wrapped(model: Model, state: dict[str, Any]) -> dict[str, Any]:
    averaged = torch.optim.swa_utils.AveragedModel(model)
    part = {name.replace("backbone.", "backbone._orig_mod."): value for name, value in state.items()}
    return {
        "plain.pt": state,
        "lightning.ckpt": {"state_dict": _prefixed("model.", state), "epoch": 3},
        "nested.ckpt": {"state_dict": _prefixed("net.module.", state)},
        "ddp_compiled.pt": _prefixed("module._orig_mod.", state),
        "compiled_ddp.pt": _prefixed("_orig_mod.module.", state),
        "part_compiled.pt": part,
        "fsdp.pt": _prefixed("_fsdp_wrapped_module.", part),
        "averaged.pt": averaged.state_dict(),
        "with_loss.ckpt": {"state_dict": {**_prefixed("model.", state), "loss.weight": torch.ones(3)}},
    }


def _grouped(state: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    optimizer = {"state": {0: {"exp_avg": torch.ones(8, 4)}}, "param_groups": [{"lr": 0.1}]}
    return {
        "other_key.pt": {"net": state, "optim": optimizer, "loss": torch.tensor(0.5)},
        "deep.pt": {"ema": {"module": state, "decay": 0.99}, "optimizer": optimizer},
        "arguments.pt": {"model_state_dict": state, "args": argparse.Namespace(lr=0.1)},
        "twice.pt": {"state_dict": state, "model": dict(state)},
        "two.pt": {"model": other, "model_ema": state, "optimizer": optimizer},
        "teacher.ckpt": {"state_dict": {**_prefixed("teacher.", other), **_prefixed("student.", state)}},
    }


def _old(model: Model, state: dict[str, Any]) -> dict[str, Any]:
    torch.manual_seed(7)
    normed = nn.utils.weight_norm(nn.Linear(4, 8))
    return {
        "old_norm.pt": {name: value for name, value in state.items() if "num_batches" not in name},
        "parallel.pt": _prefixed("net.", state),
        "weight_norm.pt": _prefixed("linear.", normed.state_dict()),
        "without_tied.pt": {name: value for name, value in state.items() if name != "head.weight"},
        "missing.pt": {name: value for name, value in state.items() if name != "backbone.0.bias"},
        "whole.pt": model,
    }
