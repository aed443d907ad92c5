"""A LibTorch folder the user names: an unpacked zip (with or without its top folder) or a wheel's `torch`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tsgen.errors import LibTorchError
from tsgen.libtorch.look.inspect import has_libraries, inspect

if TYPE_CHECKING:
    from tsgen.types import LibTorch, LibTorchRequest


def resolve(request: LibTorchRequest) -> LibTorch:
    """Raises LibTorchError when the folder holds no LibTorch, or one that is not what the request wants."""
    folder = Path(request.libtorch).expanduser().resolve()
    for root in (folder, folder / "libtorch", folder / "torch"):
        if has_libraries(root):
            return inspect(root, request, origin="path")
    came = (
        "does not exist"
        if not folder.exists()
        else "has no lib/ with libtorch_cpu and no include/ with torch's headers"
    )
    raise LibTorchError(
        f"--libtorch: {folder} {came}",
        hint="name the unpacked libtorch folder, or a wheel's site-packages/torch",
    )
