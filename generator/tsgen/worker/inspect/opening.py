"""Load a file, if its operators can be had."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

import torch

from ..host import pickles
from ..operators import bring as bring_operators
from ..operators import load, missing
from ..sources import torchscript_file

if TYPE_CHECKING:
    from pathlib import Path


def bring(libraries: tuple[str, ...], path: Path) -> list[str]:
    """Load operator libraries; return the operators of the file that are missing all the same. Raises Problem."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        load(libraries)
        bring_operators(path)
    return missing(path)


def read(path: Path) -> Any:
    """The module; its tensors on the meta device where torch can, so that only one of them takes memory at a time.

    Raises Problem.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            with pickles.only_tensors():
                return torch.jit.load(str(path), map_location="meta")
        except MemoryError:
            raise
        except Exception:  # noqa: BLE001 - quantized weights cannot be on meta; what else is wrong, the next one says
            return torchscript_file.read(path)
