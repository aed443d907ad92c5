"""The C++ that Inductor makes of a program, with nothing in it that belongs to this machine, and the weights' bytes."""

from __future__ import annotations

import re
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch

from ..messages import Problem
from ..users_code.failures import format_error
from ..users_code.needs import is_memory
from . import weights

if TYPE_CHECKING:
    from .program import Program

OPTIONS: dict[str, Any] = {
    "aot_inductor.package_cpp_only": True,
    # For no instruction set: what a compiler makes of it runs wherever the compiler's target does.
    "cpp.simdlen": 1,
    "cpp.vec_isa_ok": False,
    # Else the number of threads of this very process is written into the code, and more than those write out of bounds.
    "cpp.dynamic_threads": True,
    # Nothing is compiled here, so the headers need not be.
    "cpp_cache_precompile_headers": False,
}
_COMMENT = re.compile(r"^[ \t]*//.*\n", re.MULTILINE)
_TELLS = re.compile(r"^[ \t]*std::cerr << .*\\\n", re.MULTILINE)
_PROXY = "aoti_torch_proxy_executor_call_function("
_CALLED_BY_PROXY = re.compile(r'"target": "(\w+::\w+)"')
HINT = "export it with --runtime torchscript"


@dataclass(frozen=True)
class Sources:
    code: str
    weights: bytes


def made(program: Program, label: str) -> Sources:
    """Raises Problem."""
    from torch._inductor.utils import fresh_cache  # noqa: PLC0415 - not for every export; it has no public name

    with tempfile.TemporaryDirectory(prefix="tsgen-") as folder:
        package = Path(folder) / "model.pt2"
        try:
            with fresh_cache(), torch.no_grad():
                torch._inductor.aoti_compile_and_package(  # noqa: SLF001 - the documented name
                    program.exported, package_path=str(package), inductor_configs=dict(OPTIONS)
                )
            return _unpacked(package)
        except Problem:
            raise
        except Exception as error:
            if is_memory(error):
                raise
            raise Problem(
                "unfaithful", f"{label}: AOTInductor cannot make C++ of it: {format_error(error)}", HINT
            ) from error


def _unpacked(package: Path) -> Sources:
    with zipfile.ZipFile(package) as archive:
        names = archive.namelist()
        code = [archive.read(name).decode("utf-8") for name in names if name.endswith(".cpp")]
        objects = [archive.read(name) for name in names if name.endswith(".weights.o")]
        called = [archive.read(name).decode("utf-8") for name in names if name.endswith(".wrapper.json")]
    if len(code) != 1:
        raise ValueError(f"one C++ file was expected, there are {len(code)}")
    if _PROXY in code[0]:
        raise _by_proxy(called)
    return Sources(portable(code[0]), weights.of_object(objects[0]) if objects else b"")


def portable(code: str) -> str:
    """Without comments, which hold this machine's paths and command lines, and without what it prints by itself.

    Its errors reach the caller by AOTInductorGetLastError.
    """
    return _TELLS.sub("", _COMMENT.sub("", code))


def _by_proxy(called: list[str]) -> Problem:
    """Such an operator is called by its name, through what only torch's own loader brings."""
    found = sorted({name for text in called for name in _CALLED_BY_PROXY.findall(text)})
    return Problem(
        "unfaithful",
        f"AOTInductor has no C function for {', '.join(found) or 'an operator'}, which the model calls",
        HINT,
    )
