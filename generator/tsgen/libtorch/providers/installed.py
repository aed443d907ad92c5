"""The torch of the model's own interpreter: C++ links the very bytes that Python ran."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tsgen.errors import LibTorchError
from tsgen.libtorch.inspect import inspect

if TYPE_CHECKING:
    from tsgen.types import LibTorch, LibTorchRequest


def resolve(request: LibTorchRequest) -> LibTorch:
    """Raises LibTorchError when the interpreter has no torch."""
    if not request.torch:
        raise LibTorchError(
            "no torch is installed for the Python that tsgen uses",
            hint="activate the environment that has torch, name its Python with --python, `pip install torch`, "
            "or give a LibTorch folder with --libtorch",
        )
    return inspect(request.torch, request, origin="installed")
