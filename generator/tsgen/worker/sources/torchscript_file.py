"""A TorchScript file.

It is recognised by what lies in its archive and read by torch's C++ reader: no Python unpickling.
"""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch

from .. import operators
from ..failures import meaning
from ..protocol import Problem
from .loaded import Loaded

if TYPE_CHECKING:
    from ..protocol import Request

HINT = "give a file saved by torch.jit.save"
_STATE_DICT_HINT = "a state_dict has no program: give the model as package.module:factory, and this file as --weights"


def load(request: Request) -> Loaded:
    path = Path(request.source["path"])
    check(path)
    if request.weights != "none":
        raise Problem(
            "bad_weights",
            f"{path.name} is TorchScript and carries its own weights",
            "leave --weights out, or name the Python model: file.py:factory",
        )
    if request.model_args:
        raise Problem("bad_input", f"{path.name} is TorchScript: it takes no --model-arg", "leave --model-arg out")
    operators.import_known(path)
    return Loaded(model=read(path), files=(str(path.resolve()),))


def check(path: Path) -> None:
    """Raises Problem, without loading it, for a file that is not a whole TorchScript archive."""
    _check_readable(path)
    _check_archive(path)


def _check_readable(path: Path) -> None:
    if path.is_dir():
        raise Problem("bad_file", f"{path} is a folder, not a TorchScript file", HINT)
    if not path.exists():
        raise Problem("unknown_model", f"{path} does not exist", HINT)
    try:
        start = path.open("rb").read(16)
    except OSError as error:
        raise Problem("bad_file", f"{path} cannot be read: {error.strerror}", HINT) from error
    if not start:
        raise Problem("bad_file", f"{path} is empty", HINT)
    if not start.startswith(b"PK"):
        old = start.startswith(b"\x80")  # a pickle: torch.save's format before torch 1.6
        what = "an old torch.save file, not TorchScript" if old else "not a TorchScript archive"
        raise Problem("bad_file", f"{path} is {what}", _STATE_DICT_HINT if old else HINT)


def _check_archive(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise Problem("bad_file", f"{path} is truncated or damaged: {meaning(str(error))}", HINT) from error
    inner = {name.partition("/")[2] for name in names}
    if "constants.pkl" in inner and any(name.startswith("code/") for name in inner):
        return
    if any(name.startswith("models/") and name.endswith(".json") for name in inner) or any(
        name.endswith("serialized_exported_program.json") for name in (*inner, *names)
    ):
        raise Problem("bad_file", f"{path} was saved by torch.export, not by torch.jit.save", HINT)
    if "data.pkl" in inner:
        raise Problem("bad_file", f"{path} was saved by torch.save: weights, not TorchScript", _STATE_DICT_HINT)
    raise Problem("bad_file", f"{path} is a zip archive, but not TorchScript", HINT)


def read(path: Path) -> Any:
    try:
        return torch.jit.load(str(path), map_location="cpu")
    except MemoryError:
        raise
    except Exception as error:
        raise _why_unreadable(path, str(error)) from error


def _why_unreadable(path: Path, text: str) -> Problem:
    newer = re.search(r"version (\d+), but the maximum supported version for reading is (\d+)", text)
    if newer:
        return Problem(
            "bad_file",
            f"{path} was written by a newer torch (file version {newer[1]}; torch {torch.__version__} reads up to "
            f"{newer[2]})",
            "use a Python with a newer torch (--python), or save the model again with this one",
        )
    operator = re.search(r"Unknown (?:builtin )?op: ([\w.:]+)|object has no attribute '?(\w+::\w+)", text)
    if operator:
        return Problem(
            "bad_file",
            f"{path} calls {operator[1] or operator[2]}, an operator this torch does not have",
            "name the shared library that registers it with --op-library FILE",
        )
    return Problem("bad_file", f"{path} is damaged: {meaning(text)}", HINT)
