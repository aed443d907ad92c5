"""Reading a file of weights: tensors only, unless the user asks for a full unpickle with --unsafe-pickle."""

from __future__ import annotations

import argparse
import contextlib
import pathlib
import types
import warnings
import zipfile
from typing import TYPE_CHECKING, Any

import torch

from ..host import archives, pickles
from ..messages import Problem
from ..users_code import torch_messages
from ..users_code.failures import format_error
from ..users_code.needs import is_memory

if TYPE_CHECKING:
    from pathlib import Path

HINT = "give the file of a state_dict: torch.save(model.state_dict(), FILE)"
_UNSAFE = f"{HINT}; if you trust whoever made this file, read it whole with --unsafe-pickle"
_SAFETENSORS = ".safetensors"


def read(path: Path, *, unsafe: bool) -> Any:
    """Raises Problem, `unsafe` for a file that only a full unpickle can read."""
    if not path.is_file():
        raise Problem("bad_weights", f"the weights file {path} does not exist", HINT)
    if not path.stat().st_size:
        raise Problem("bad_weights", f"{path} is empty", HINT)
    if path.suffix == _SAFETENSORS:
        return _read_safetensors(path)
    if zipfile.is_zipfile(path):
        archives.check(path, "bad_weights")
    try:
        return _unpickled(path, unsafe=False)
    except Exception as error:
        if is_memory(error):
            raise
        problem = _why_unreadable(path, error)
        if problem.kind != "unsafe" or not unsafe:
            raise problem from error
    return _read_whole(path)


def _unpickled(path: Path, *, unsafe: bool) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with contextlib.nullcontext() if unsafe else pickles.only_tensors(), _plain_values():
            return torch.load(str(path), map_location="cpu", weights_only=not unsafe)


def _plain_values() -> contextlib.AbstractContextManager[Any]:
    """What training loops keep beside the weights and what runs nothing when it is read: the arguments, a path."""
    allow = getattr(torch.serialization, "safe_globals", None)  # since torch 2.5
    return allow([argparse.Namespace, types.SimpleNamespace, pathlib.PosixPath]) if allow else contextlib.nullcontext()


def _read_safetensors(path: Path) -> Any:
    try:
        from safetensors.torch import load_file  # noqa: PLC0415 - only such a file needs the package
    except ImportError as error:
        raise Problem(
            "no_torch",
            f"{path.name} needs the package safetensors, which this Python does not have",
            "install it there: pip install safetensors",
        ) from error
    try:
        return load_file(str(path), device="cpu")
    except Exception as error:
        if is_memory(error):
            raise
        raise Problem(
            "bad_weights", f"{path} is no safetensors file, or damaged: {format_error(error)}", HINT
        ) from error


def _read_whole(path: Path) -> Any:
    """Runs whatever code the file holds."""
    try:
        return _unpickled(path, unsafe=True)
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        if is_memory(error):
            raise
        raise Problem(
            "bad_weights",
            f"{path} cannot be unpickled: {format_error(error)}",
            "its classes must be importable under the names they were saved with; a state_dict needs none of them",
        ) from error


def _why_unreadable(path: Path, error: Exception) -> Problem:
    text = str(error)
    if torch_messages.IS_TORCHSCRIPT in text:
        return is_torchscript(path)
    if any(sign in text for sign in torch_messages.NOT_ONLY_TENSORS):
        return _not_only_tensors(path)
    return Problem("bad_weights", f"{path} cannot be read: {format_error(error)}", HINT)


def is_torchscript(path: Path) -> Problem:
    return Problem("bad_weights", f"{path} is a TorchScript file", f"name it as the model: --model {path}")


def _not_only_tensors(path: Path) -> Problem:
    with path.open("rb") as stream:
        begin = stream.read(2)
    # What torch.save writes: a zip archive, before torch 1.6 a pickle of protocol 2 or later.
    if begin != b"PK" and begin[:1] != b"\x80":
        return Problem("bad_weights", f"{path} is no torch.save file", HINT)
    words = f"{path} holds Python objects; unpickling them would run their code, so only tensors are read from it"
    return Problem("unsafe", words, _UNSAFE)
