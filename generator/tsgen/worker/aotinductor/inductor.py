"""Inductor at work, in a place that is gone afterwards, and the files that it makes."""

from __future__ import annotations

import os
import re
import tempfile
import zipfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch

from ..messages import Problem
from ..users_code.failures import format_error
from ..users_code.needs import is_memory

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .program import Program

OPTIONS: dict[str, Any] = {
    # Else the number of threads of this very process is written into the code, and more than those write out of bounds.
    "cpp.dynamic_threads": True,
    # The CPU is asked. Else a program is compiled and run for each instruction set, to see whether the compiler has it.
    "cpp.vec_isa_ok": True,
    # They take a minute, and are kept for no second model.
    "cpp_cache_precompile_headers": False,
    "aot_inductor.precompile_headers": False,
}
HINT = "export it with --runtime torchscript"
_PLAIN = re.compile(r"[\w./+-]+", re.ASCII)
_PROXY = b"aoti_torch_proxy_executor_call_function("
_CALLED_BY_PROXY = re.compile(r'"target": "(\w+::\w+)"')


@contextmanager
def place(folder: Path) -> Iterator[Path]:
    """A place in `folder` for all that torch and a compiler write, gone afterwards.

    Not the system's place for such things: a process that is killed leaves there what it had. `folder` is swept.
    """
    with (
        tempfile.TemporaryDirectory(prefix="making-", dir=folder) as name,
        _plain(os.path.realpath(name)) as plain,
        _temporary(plain) as made,
    ):
        # After that: torch makes a folder for its caches when it is asked where they are.
        from torch._inductor.utils import fresh_cache  # noqa: PLC0415 - it has no public name

        with fresh_cache(dir=str(made)):
            yield made


@contextmanager
def _plain(folder: str) -> Iterator[str]:
    """The folder by a name without blanks and such, at which Inductor would take its compiler's words apart.

    Linux has one for each folder that a process holds open, and it is gone with the process.
    """
    if _PLAIN.fullmatch(folder):
        yield folder
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        yield f"/proc/{os.getpid()}/fd/{handle}"
    finally:
        os.close(handle)


@contextmanager
def _temporary(name: str) -> Iterator[Path]:
    variable, chosen = os.environ.get("TMPDIR"), tempfile.tempdir
    os.environ["TMPDIR"] = tempfile.tempdir = name
    try:
        yield Path(name)
    finally:
        tempfile.tempdir = chosen
        os.environ.pop("TMPDIR")
        os.environ.update({} if variable is None else {"TMPDIR": variable})


@contextmanager
def told(label: str) -> Iterator[None]:
    """What fails in it is Inductor's. Raises Problem."""
    try:
        with torch.no_grad():
            yield
    except Problem:
        raise
    except Exception as error:
        if is_memory(error):
            raise
        raise Problem(
            "unfaithful", f"{label}: AOTInductor cannot make C++ of it: {format_error(error)}", HINT
        ) from error


def package(program: Program, place: Path, options: Mapping[str, Any]) -> dict[str, bytes]:
    """The files that Inductor makes of the program with these options, by name. Raises Problem."""
    made = place / "model.pt2"
    torch._inductor.aoti_compile_and_package(  # noqa: SLF001 - the documented name
        program.exported, package_path=str(made), inductor_configs=dict(options)
    )
    with zipfile.ZipFile(made) as archive:
        files = {Path(name).name: archive.read(name) for name in archive.namelist()}
    _refuse_proxy(files)
    return files


def of_kind(files: Mapping[str, bytes], ending: str) -> bytes:
    """The content of the one file whose name ends so. Raises ValueError."""
    found = [content for name, content in files.items() if name.endswith(ending)]
    if len(found) != 1:
        raise ValueError(f"one file *{ending} was expected of Inductor, there are {len(found)}")
    return found[0]


def _refuse_proxy(files: Mapping[str, bytes]) -> None:
    """Raises Problem for an operator that is called by its name, through what only torch's own loader brings."""
    if not any(_PROXY in content for name, content in files.items() if name.endswith(".cpp")):
        return
    called = [content.decode("utf-8") for name, content in files.items() if name.endswith(".wrapper.json")]
    found = sorted({name for text in called for name in _CALLED_BY_PROXY.findall(text)})
    raise Problem(
        "unfaithful",
        f"AOTInductor has no C function for {', '.join(found) or 'an operator'}, which the model calls",
        HINT,
    )
