"""The state every model is exported in: eval mode, on the CPU, without gradients, one thread."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

import torch

from ..messages import Problem
from ..users_code.failures import user_code

if TYPE_CHECKING:
    from ..aliases import Model


def one_thread() -> None:
    """Also after the user's code has run: it may have set another number.

    The inter-op pool is left alone: it changes no numbers, may be set only once, and belongs to the user's code then.
    """
    torch.set_num_threads(1)


def quiet_deprecations() -> None:
    """Hide the end of TorchScript, which torch announces at every call of torch.jit; here it is not news."""
    warnings.filterwarnings("ignore", message=r"`torch\.jit\.")
    warnings.filterwarnings("ignore", category=DeprecationWarning, module=r"torch\.jit")


def prepared(model: Model, label: str) -> Model:
    if isinstance(model, (torch.nn.DataParallel, torch.nn.parallel.DistributedDataParallel)):
        model = model.module
    with user_code(f"preparing {label}"):
        if any(tensor.device.type != "cpu" for tensor in (*model.parameters(), *model.buffers())):
            model = model.to("cpu")
        _into_eval(model)
        without_gradients(model)
    if isinstance(model, torch.jit.ScriptModule) and not hasattr(model, "forward"):
        raise Problem("unsupported", f"{label} has no forward method", "save a module that has one")
    one_thread()
    return model


def _into_eval(model: Model) -> None:
    """What ExportedProgram.module() gives has one mode, that of its export, and raises when it is asked for another."""
    try:
        model.eval()
    except NotImplementedError:
        for module in model.modules():
            for name in ("train", "eval"):
                vars(module).pop(name, None)
        model.eval()


def without_gradients(model: Model) -> None:
    """Again after the first call: only then has a lazy layer parameters."""
    for parameter in model.parameters():
        if not isinstance(parameter, torch.nn.UninitializedParameter):
            parameter.requires_grad_(requires_grad=False)


def count_parameters(model: Model) -> int:
    return sum(int(parameter.numel()) for parameter in model.parameters())
