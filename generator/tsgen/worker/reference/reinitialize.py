"""Random weights under which the answer depends on the input.

Freshly built, many torchvision models answer every input alike: heads and layer scales start at zero, batch norms at
the identity, so that activations fade from layer to layer. Any export of such a model would seem right.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch

from ..calls.draw import call_of
from ..progress import progress
from ..values.compare import contrast
from .eager import Probe, attempt

if TYPE_CHECKING:
    from ..aliases import Model, Value
    from ..calls.plan import Plan

ENOUGH = 1e-2
"""How far the answers to two random inputs must lie apart, relative to their largest value."""
BATCHES = 2
_NORMS = (torch.nn.BatchNorm1d, torch.nn.BatchNorm2d, torch.nn.BatchNorm3d)
_WEIGHTED = (torch.nn.Linear, torch.nn.Conv1d, torch.nn.Conv2d, torch.nn.Conv3d, torch.nn.ConvTranspose2d)


def draw_weights(model: Model, plan: Plan, seed: int) -> list[Probe]:
    """Draw weights in place under which the answer depends on the input, the same for the same seed.

    Returns what the model in its final state was called with and answered, in that order.
    """
    progress("draw weights under which the answer depends on the input")
    generator = torch.Generator(device="cpu").manual_seed(seed)
    with torch.no_grad():
        _replace_zeros(model, generator)
        _feed_norms(model, plan)
        tried = [attempt(model, kind, call_of(plan, kind, plan.sizes), plan.sizes) for kind in _INPUTS]
        answered = [probe for probe in tried if isinstance(probe, Probe)]
        if len(answered) == len(tried) and _liveliness(answered) < ENOUGH:
            _spread(model, plan)
            return []
    return answered


def _liveliness(answered: list[Probe]) -> float:
    one, other = answered
    return contrast(one.expected, other.expected)


_INPUTS = ("random-1", "random-2")


def _replace_zeros(model: Model, generator: Any) -> None:
    """Zeroed weights (not biases), and layer scales that start at next to nothing."""
    for name, parameter in model.named_parameters():
        tiny = "layer_scale" in name
        zeroed = parameter.dim() > 1 and not bool(parameter.any())
        if tiny or zeroed:
            deviation = 1.0 if tiny else parameter[0].numel() ** -0.5
            parameter.normal_(0.0, deviation, generator=generator)


def _feed_norms(model: Model, plan: Plan) -> None:
    """Only the batch norms learn, and of random inputs: their mean and variance over BATCHES batches."""
    norms = [module for module in model.modules() if isinstance(module, _NORMS)]
    momenta = [norm.momentum for norm in norms]
    for norm in norms:
        norm.reset_running_stats()
        norm.momentum = None  # the plain average over the batches
        norm.train()
    for kind in _INPUTS[:BATCHES] if norms else ():
        attempt(model, kind, call_of(plan, kind, plan.sizes), plan.sizes)
    for norm, momentum in zip(norms, momenta):
        norm.momentum = momentum
        norm.eval()


def _spread(model: Model, plan: Plan) -> None:
    """Each layer's weights are scaled, in the order of the run, until its answers to two inputs differ by about one."""
    hooks = [module.register_forward_hook(_scale) for module in model.modules() if isinstance(module, _WEIGHTED)]
    try:
        attempt(model, _INPUTS[0], call_of(plan, _INPUTS[0], plan.sizes), plan.sizes)
    finally:
        for hook in hooks:
            hook.remove()


def _scale(module: Model, inputs: Any, output: Value) -> Any:
    deviation = float((output - output.mean(dim=0, keepdim=True)).std())
    if not deviation:
        return output
    module.weight.div_(deviation)
    return module.forward(*inputs)
