"""The torch of the model's own interpreter: C++ links the very bytes that Python ran."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tsgen.errors import LibTorchError
from tsgen.libtorch.look.inspect import has_libraries, inspect

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tsgen.types import LibTorch, LibTorchRequest


def resolve(request: LibTorchRequest) -> LibTorch:
    """Raises LibTorchError when there is none, and for one that is not what the request wants."""
    root = request.torch or next(filter(has_libraries, _environments()), None)
    if not root:
        raise LibTorchError(
            "no torch is installed for the Python that tsgen uses",
            hint="activate the environment that has torch, name its Python with --python, `pip install torch`, "
            "or give a LibTorch folder with --libtorch",
        )
    return inspect(root, request, origin="installed")


def _environments() -> Iterator[Path]:
    """Those of conda, whose package `libtorch` has no Python part: its headers and libraries are the environment's."""
    for prefix in (os.environ.get("CONDA_PREFIX"), sys.prefix):
        if prefix:
            yield Path(prefix)
            yield Path(prefix) / "Library"
