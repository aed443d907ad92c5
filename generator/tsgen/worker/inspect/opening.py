"""Load a file, if its operators can be had."""

from __future__ import annotations

import contextlib
import importlib
import warnings
from typing import TYPE_CHECKING, Any

import torch

from ..failures import said
from ..protocol import Problem
from ..sources import torchscript_file
from .operators import missing

if TYPE_CHECKING:
    from pathlib import Path


def bring(libraries: tuple[str, ...], path: Path) -> list[str]:
    """Load operator libraries; return the operators of the file that are missing all the same. Raises Problem."""
    for name in libraries:
        _load_library(name)
    lacking = missing(path)
    if any(name.startswith("torchvision::") for name in lacking):
        with contextlib.suppress(Exception), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            importlib.import_module("torchvision")
    return missing(path) if lacking else []


def _load_library(name: str) -> None:
    try:
        torch.ops.load_library(name)
    except Exception as error:
        raise Problem(
            "bad_input",
            f"--op-library {name} cannot be loaded: {said(error)}",
            "give the shared library that registers the operators, built for this torch",
        ) from error


def load(path: Path) -> Any:
    """The module; its tensors on the meta device where torch can, so that a huge file needs no memory for them.

    Raises Problem.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return torch.jit.load(str(path), map_location="meta")
        except MemoryError:
            raise
        except Exception:  # noqa: BLE001 - quantized weights cannot be on meta; what else is wrong, the next one says
            return torchscript_file.read(path)
