"""torchvision's quantized models with random weights.

Their activations are measured once, on random numbers, while they are quantized. With batch norms as they are built
those fade from layer to layer, and all inputs give one answer. So the batch norms are fed before.
"""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any, Callable

import torch

from ..host.seed import seed_everything

if TYPE_CHECKING:
    from ..aliases import Model


SIZE = 224
BATCH = 8


def wanted(builder: Callable[..., Any], arguments: dict[str, Any]) -> bool:
    return bool(arguments.get("quantize")) and "quantize" in inspect.signature(builder).parameters


def build(models: Any, name: str, arguments: dict[str, Any], seed: int) -> Model:
    """Also sets torch.backends.quantized.engine, as torchvision itself does."""
    from torchvision.models.quantization.utils import quantize_model  # noqa: PLC0415 - torchvision is optional

    floating = models.get_model(name, **{**arguments, "quantize": False})
    _feed_norms(floating, seed)
    quantize_model(floating, arguments.get("backend") or _backend(name))
    return floating


def _backend(name: str) -> str:
    """As torchvision publishes them: mobilenets for ARM, the others for x86."""
    return "qnnpack" if "mobilenet" in name else "fbgemm"


def _feed_norms(model: Model, seed: int) -> None:
    seed_everything(seed)
    norms = [module for module in model.modules() if isinstance(module, torch.nn.BatchNorm2d)]
    model.eval()
    for norm in norms:
        norm.momentum = None  # the plain average
        norm.train()
    with torch.no_grad():
        model(torch.randn(BATCH, 3, SIZE, SIZE))
    model.eval()
