"""The state every model is exported in: eval mode, on the CPU, without gradients, one thread."""

from __future__ import annotations

import warnings
from typing import Any

import torch

from .failures import user_code
from .protocol import Problem


def one_thread() -> None:
    """Also after the user's code has run: it may have set another number.

    The inter-op pool is left alone: it changes no numbers, may be set only once, and belongs to the user's code then.
    """
    torch.set_num_threads(1)


def quiet_deprecations() -> None:
    """At every call of torch.jit, torch announces the end of TorchScript; here it is not news."""
    warnings.filterwarnings("ignore", message=r"`torch\.jit\.")
    warnings.filterwarnings("ignore", category=DeprecationWarning, module=r"torch\.jit")


def prepared(model: Any, label: str) -> Any:
    model = getattr(model, "_orig_mod", model)  # torch.compile's wrapper: TorchScript takes what is inside
    if isinstance(model, (torch.nn.DataParallel, torch.nn.parallel.DistributedDataParallel)):
        model = model.module
    with user_code(f"preparing {label}"):
        if any(tensor.device.type != "cpu" for tensor in (*model.parameters(), *model.buffers())):
            model = model.to("cpu")
        model.eval()
        without_gradients(model)
    if isinstance(model, torch.jit.ScriptModule) and not hasattr(model, "forward"):
        raise Problem("unsupported", f"{label} has no forward method", "save a module that has one")
    one_thread()
    return model


def without_gradients(model: Any) -> None:
    """Again after the first call: only then has a lazy layer parameters."""
    for parameter in model.parameters():
        if not isinstance(parameter, torch.nn.UninitializedParameter):
            parameter.requires_grad_(requires_grad=False)


def check_switches() -> None:
    """Raises Problem for a switch of the whole process that the user's code set: a C++ program starts without it."""
    switched = {
        "torch.set_default_dtype": torch.get_default_dtype() != torch.float32,
        "torch.set_float32_matmul_precision": torch.get_float32_matmul_precision() != "highest",
        "torch.use_deterministic_algorithms": torch.are_deterministic_algorithms_enabled(),
    }
    if names := [name for name, is_set in switched.items() if is_set]:
        raise Problem(
            "unsupported",
            f"the model's code calls {names[0]}, for the whole process; a C++ program starts without it",
            "take that call out of the code that defines the model",
        )


def count_parameters(model: Any) -> int:
    return sum(int(parameter.numel()) for parameter in model.parameters())
