"""Whether a library's model fits into this machine's memory, before it is built.

Its tensors are counted on torch's meta device, where they have a shape and no storage.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Callable

import torch
from torch.overrides import TorchFunctionMode

from ..messages import Problem
from .library import quiet

if TYPE_CHECKING:
    from ..messages import ExportRequest

COPIES = 2
"""The model and its exported copy lie in memory side by side."""
_GIB = 2**30
_DRAWN = ("bernoulli", "cauchy", "exponential", "geometric", "log_normal", "normal", "random", "uniform")
_DRAWS = frozenset(f"{name}_" for name in _DRAWN)
_CGROUP = Path("/sys/fs/cgroup/memory.max")
_CGROUP_USED = Path("/sys/fs/cgroup/memory.current")
_MEMINFO = Path("/proc/meminfo")


def check(build: Callable[[], Any], request: ExportRequest) -> None:
    """Raises Problem when it cannot fit; says nothing where either number is not known."""
    free = available()
    needed = _bytes_of(build) if free is not None else None
    if free is not None and needed is not None and COPIES * needed > free:
        raise Problem(
            "unsupported",
            f"{request.label} is too large for this machine: its weights are {needed / _GIB:.1f} GiB, its exported "
            f"copy as much again, and {free / _GIB:.1f} GiB of memory are free",
            "make it smaller with --model-arg, or use a machine with more memory",
        )


def _bytes_of(build: Callable[[], Any]) -> int | None:
    """None for a model whose construction computes with values, which a meta tensor has not."""
    try:
        with quiet(), torch.device("meta"), _Undrawn():
            model = build()
    except Exception:  # noqa: BLE001 - what is wrong with it shows when it is built in earnest
        return None
    needed: int = sum(tensor.numel() * tensor.element_size() for tensor in (*model.parameters(), *model.buffers()))
    return needed


class _Undrawn(TorchFunctionMode):  # type: ignore[misc] # torch is Any here
    """Weights are not drawn: on the meta device that changes nothing, and imports all of torch's compiler."""

    def __torch_function__(self, function: Any, _types: Any, given: Any = (), named: Any = None) -> Any:
        if given and getattr(function, "__name__", "") in _DRAWS and isinstance(given[0], torch.Tensor):
            return given[0]
        return function(*given, **(named or {}))


def available() -> int | None:
    """Bytes of memory that are free, by the kernel or the container, whichever leaves less; None where neither says."""
    known = [size for size in (_of_kernel(), _of_container()) if size is not None]
    return min(known) if known else None


def _of_kernel() -> int | None:
    try:
        lines = _MEMINFO.read_text(encoding="ascii").splitlines()
    except OSError:
        return None
    sizes = [int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable:")]
    return sizes[0] if sizes else None


def _of_container() -> int | None:
    try:
        limit, used = (path.read_text(encoding="ascii").strip() for path in (_CGROUP, _CGROUP_USED))
    except OSError:
        return None
    return None if limit == "max" else max(int(limit) - int(used), 0)
