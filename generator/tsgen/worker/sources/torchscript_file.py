"""A file that holds a program: TorchScript, or what torch.export.save writes.

It is recognised by what lies in its archive and read by torch's C++ reader: no Python unpickling.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import torch

from .. import operators
from ..host import archives, pickles
from ..messages import Problem
from ..users_code.failures import meaning
from ..users_code.torch_messages import NEWER_FILE, UNKNOWN_OPERATOR
from . import exported_file
from .loaded import Loaded

if TYPE_CHECKING:
    from ..aliases import ScriptModule
    from ..messages import ExportRequest

HINT = "give a file saved by torch.jit.save"
_STATE_DICT_HINT = "a state_dict has no program: give the model as package.module:factory, and this file as --weights"


def load(request: ExportRequest) -> Loaded:
    path = Path(request.source["path"])
    _check_readable(path)
    archives.check(path)
    is_exported = _is_exported(_names_in(path))
    if not is_exported:
        _check_archive(path)
    _refuse_words(path, "an exported program" if is_exported else "TorchScript", request)
    operators.bring(path)
    if is_exported:
        return exported_file.load(path, request)
    return Loaded(model=read(path), files=(str(path.resolve()),))


def _refuse_words(path: Path, what: str, request: ExportRequest) -> None:
    if request.weights != "none":
        raise Problem(
            "bad_weights",
            f"{path.name} is {what} and carries its own weights",
            "leave --weights out, or name the Python model: file.py:factory",
        )
    if request.model_args:
        raise Problem("bad_input", f"{path.name} is {what}: it takes no --model-arg", "leave --model-arg out")


def check(path: Path) -> None:
    """Raises Problem, without loading it, for a file that is not a whole TorchScript archive."""
    _check_readable(path)
    archives.check(path)
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


def _names_in(path: Path) -> list[str]:
    with archives.opened(path) as archive:
        return archive.namelist()


def _is_exported(names: list[str]) -> bool:
    """Also as torch before 2.7 wrote it."""
    inner = {name.partition("/")[2] for name in names}
    return any(name.startswith("models/") and name.endswith(".json") for name in inner) or any(
        name.endswith("serialized_exported_program.json") for name in names
    )


def _check_archive(path: Path) -> None:
    names = _names_in(path)
    inner = {name.partition("/")[2] for name in names}
    if "constants.pkl" in inner and any(name.startswith("code/") for name in inner):
        return
    if _is_exported(names):
        raise Problem("bad_file", f"{path} was saved by torch.export, not by torch.jit.save", HINT)
    if "data.pkl" in inner:
        raise Problem("bad_file", f"{path} was saved by torch.save: weights, not TorchScript", _STATE_DICT_HINT)
    raise Problem("bad_file", f"{path} is a zip archive, but not TorchScript", HINT)


def read(path: Path) -> ScriptModule:
    """Raises Problem."""
    try:
        with pickles.only_tensors():
            module = torch.jit.load(str(path), map_location="cpu")
            _read_lines(module)
    except MemoryError:
        raise
    except Exception as error:
        raise why_unreadable(path, str(error)) from error
    return module


def _read_lines(module: ScriptModule) -> None:
    """Where each line of the code came from, which torch reads only when it is asked: it may be damaged as well."""
    for part in module.modules():
        for name in part._c._method_names():  # noqa: SLF001
            method = part._c._get_method(name)  # noqa: SLF001
            _ = method.code, str(method.graph)


def why_unreadable(path: Path, text: str) -> Problem:
    newer = NEWER_FILE.search(text)
    if newer:
        return Problem(
            "bad_file",
            f"{path} was written by a newer torch (file version {newer[1]}; torch {torch.__version__} reads up to "
            f"{newer[2]})",
            "use a Python with a newer torch (--python), or save the model again with this one",
        )
    operator = UNKNOWN_OPERATOR.search(text)
    if operator:
        return Problem(
            "bad_file",
            f"{path} calls {operator[1] or operator[2]}, an operator this torch does not have",
            "name the shared library that registers it with --op-library FILE",
        )
    return Problem("bad_file", f"{path} is damaged: {meaning(text)}", HINT)
