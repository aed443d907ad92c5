"""The switches of the whole process that change numbers: a C++ program starts with none of them set.

What `torch.backends` and torch's own set_* functions can set, as torch 2.14.1 has them; one that this torch does not
have reads as unknown, and so does one that torch refuses to read, as it does when old and new names are mixed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Callable

import torch

from ..messages import Problem

if TYPE_CHECKING:
    from collections.abc import Mapping

UNKNOWN = object()
_PRECISION = "torch.backends.{}.fp32_precision"
_MKLDNN = {f"{_PRECISION.format(name)}": name for name in ("mkldnn", "mkldnn.matmul", "mkldnn.conv", "mkldnn.rnn")}
_GENERIC = "torch.backends.fp32_precision"
_MATMUL = "torch.set_float32_matmul_precision"


@dataclass(frozen=True)
class Switch:
    """`read` may raise. `setting`: how the program is told to set it; empty: LibTorch cannot, or tsgen does not."""

    read: Callable[[], Any]
    setting: str = ""


def _of(name: str) -> Callable[[], Any]:
    return lambda: getattr(torch._C, name)()  # noqa: SLF001, PLW0108 - torch.backends asks there; older ones lack some


def _precision(backend: str, operator: str) -> Callable[[], Any]:
    return lambda: torch._C._get_fp32_precision_getter(backend, operator)  # noqa: SLF001


def _flushes() -> bool:
    """There is no question for it: whether the smallest numbers are taken for zero."""
    return not bool((torch.tensor([1e-40]) * 1.0).any())


def _deterministic() -> str:
    if not torch.are_deterministic_algorithms_enabled():
        return ""
    return "warn" if torch.is_deterministic_algorithms_warn_only_enabled() else "error"


SWITCHES: Mapping[str, Switch] = {
    "torch.set_default_dtype": Switch(torch.get_default_dtype),
    "torch.set_default_device": Switch(lambda: str(torch.get_default_device())),
    "torch.set_autocast_enabled": Switch(lambda: torch.is_autocast_enabled("cpu")),
    _MATMUL: Switch(torch.get_float32_matmul_precision, "float32_matmul_precision"),
    "torch.use_deterministic_algorithms": Switch(_deterministic, "deterministic"),
    "torch.set_flush_denormal": Switch(_flushes, "flush_denormal"),
    _GENERIC: Switch(_precision("generic", "all"), "fp32_precision.generic.all"),
    **{
        told: Switch(
            _precision("mkldnn", name.partition(".")[2] or "all"),
            f"fp32_precision.mkldnn.{name.partition('.')[2] or 'all'}",
        )
        for told, name in _MKLDNN.items()
    },
    "torch.backends.mkldnn.enabled": Switch(_of("_get_mkldnn_enabled"), "mkldnn"),
    "torch.backends.mkldnn.deterministic": Switch(_of("_get_mkldnn_deterministic")),
    "torch.backends.mkldnn.allow_tf32": Switch(_of("_get_onednn_allow_tf32")),
    "torch.backends.nnpack": Switch(_of("_get_nnpack_enabled")),
    "torch.backends.cuda.enable_flash_sdp": Switch(_of("_get_flash_sdp_enabled"), "sdp_flash"),
    "torch.backends.cuda.enable_math_sdp": Switch(_of("_get_math_sdp_enabled"), "sdp_math"),
    "torch.backends.cuda.allow_fp16_bf16_reduction_math_sdp": Switch(_of("_get_math_sdp_allow_fp16_bf16_reduction")),
    "torch.backends.cpu.allow_fp16_reduced_precision_reduction": Switch(
        _of("_get_cpu_allow_fp16_reduced_precision_reduction")
    ),
}
"""By the name that the user's code has for it."""

ON_A_GPU: Mapping[str, Switch] = {
    "torch.backends.cuda.matmul.allow_tf32": Switch(_of("_get_cublas_allow_tf32")),
    "torch.backends.cuda.matmul.allow_fp16_reduced_precision_reduction": Switch(
        _of("_get_cublas_allow_fp16_reduced_precision_reduction")
    ),
    "torch.backends.cuda.matmul.allow_bf16_reduced_precision_reduction": Switch(
        _of("_get_cublas_allow_bf16_reduced_precision_reduction")
    ),
    "torch.backends.cuda.matmul.allow_fp16_accumulation": Switch(_of("_get_cublas_allow_fp16_accumulation")),
    "torch.backends.cuda.preferred_blas_library": Switch(lambda: str(torch.backends.cuda.preferred_blas_library())),
    "torch.backends.cuda.preferred_linalg_library": Switch(lambda: str(torch.backends.cuda.preferred_linalg_library())),
    "torch.backends.cuda.enable_mem_efficient_sdp": Switch(_of("_get_mem_efficient_sdp_enabled")),
    "torch.backends.cuda.enable_cudnn_sdp": Switch(_of("_get_cudnn_sdp_enabled")),
    "torch.backends.cuda.matmul.fp32_precision": Switch(_precision("cuda", "matmul")),
    "torch.backends.cudnn.fp32_precision": Switch(_precision("cuda", "all")),
    "torch.backends.cudnn.conv.fp32_precision": Switch(_precision("cuda", "conv")),
    "torch.backends.cudnn.rnn.fp32_precision": Switch(_precision("cuda", "rnn")),
    "torch.backends.cudnn.enabled": Switch(_of("_get_cudnn_enabled")),
    "torch.backends.cudnn.benchmark": Switch(_of("_get_cudnn_benchmark")),
    "torch.backends.cudnn.deterministic": Switch(_of("_get_cudnn_deterministic")),
    "torch.backends.cudnn.allow_tf32": Switch(_of("_get_cudnn_allow_tf32")),
}
"""They change nothing on the CPU, where the proof is."""


def state() -> dict[str, Any]:
    return {name: _read(switch) for name, switch in {**SWITCHES, **ON_A_GPU}.items()}


def _read(switch: Switch) -> Any:
    try:
        return switch.read()
    except Exception:  # noqa: BLE001 - of a torch that has no such switch, or that will not say
        return UNKNOWN


def set_since(before: dict[str, Any]) -> dict[str, Any]:
    """What the user's code has set, by its names. One setting may show in another switch too: it is told once."""
    after = state()
    changed = {name: value for name, value in after.items() if value != before[name] and value is not UNKNOWN}
    if _MATMUL in changed:  # torch sets these with it
        for name in (_PRECISION.format("mkldnn.matmul"), _PRECISION.format("cuda.matmul")):
            changed.pop(name, None)
        changed.pop("torch.backends.cuda.matmul.allow_tf32", None)
    return changed


def settings(changed: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    """What the program sets before it loads the model. Raises Problem for what it cannot."""
    known = {name: value for name, value in changed.items() if name in SWITCHES}
    unknown = [name for name in known if not SWITCHES[name].setting]
    if unknown:
        raise Problem(
            "unsupported",
            f"the model's code calls or sets {unknown[0]}, for the whole process; a C++ program starts without it",
            "take that out of the code that defines the model",
        )
    return tuple((SWITCHES[name].setting, _word(value)) for name, value in known.items())


def _word(value: Any) -> str:
    return str(value).lower()


def notes(changed: dict[str, Any]) -> list[str]:
    """Of what was set for the whole process."""
    carried = [name for name in changed if name in SWITCHES]
    passed = [name for name in changed if name in ON_A_GPU]
    told = [f"the model's code sets {name}: so does the program, for its whole process" for name in carried]
    return told + [f"the model's code sets {name}: the program does not, which shows on a GPU alone" for name in passed]


def refuse_later(before: dict[str, Any], *, calls: str) -> None:
    """Raises Problem for a switch that was set since: what was computed before was computed otherwise."""
    changed = [name for name in set_since(before) if name in SWITCHES]
    if changed:
        raise Problem(
            "unsupported",
            f"{calls} sets {changed[0]}, for the whole process and for what comes after it",
            "set it where the model is defined: there tsgen sees it, and the program sets it too",
        )
