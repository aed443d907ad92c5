"""The Python that has the model's torch, and the others that might be meant."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tsgen.doctor import remedy
from tsgen.doctor.findings import Finding
from tsgen.errors import ConfigError
from tsgen.toolchain import interpreter

if TYPE_CHECKING:
    from tsgen.doctor.findings import Facts
    from tsgen.toolchain.interpreter import Interpreter

_NEEDED = "a Python with torch exports the model: --python, else the active environment, tsgen's own, or python3"


def examine(chosen: Interpreter, facts: Facts) -> list[Finding]:
    return [_interpreter(chosen), _torch(chosen, facts)]


def _interpreter(chosen: Interpreter) -> Finding:
    version = chosen.version or sys.version.split()[0]
    others = [f"{other.torch_version or 'none'} in {other.executable}" for other in _others(chosen)]
    more = f"; torch of others: {', '.join(others)}" if others else ""
    found = f"{version} ({chosen.executable}){more}"
    return Finding(topic="interpreter", state="ok", found=found, needed=_NEEDED)


def _others(chosen: Interpreter) -> list[Interpreter]:
    """The likely ones besides the one that is taken."""
    environment = os.environ.get("VIRTUAL_ENV")
    inside = Path("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    words = [str(Path(environment) / inside) if environment else None, sys.executable, shutil.which("python3")]
    found = [_find(word) for word in dict.fromkeys(words) if word]
    return [each for each in found if each and each.executable != chosen.executable and each.torch != chosen.torch]


def _find(word: str) -> Interpreter | None:
    try:
        return interpreter.find(word)
    except ConfigError:
        return None


def _torch(chosen: Interpreter, facts: Facts) -> Finding:
    needed = "to export the model; its libraries are the LibTorch of the program unless another is named"
    if not chosen.torch:
        fix = f"{remedy.pip('torch', python=str(chosen.executable))}, or name the Python that has it with --python"
        return Finding(topic="torch", state="missing", found="none", needed=needed, fix=fix, blocking=True)
    if not facts.torch:
        fix = remedy.pip("--force-reinstall", "torch", python=str(chosen.executable))
        came = f"{chosen.torch_version} in {chosen.torch}: {facts.torch_problem}"
        return Finding(topic="torch", state="unknown", found=came, needed=needed, fix=fix, blocking=True)
    torch = facts.torch
    words = [torch.version, torch.accelerator, f"{'cxx11' if torch.cxx11_abi else 'pre-cxx11'} ABI"]
    found = f"{', '.join(words)}, headers need C++{torch.cxx_standard} ({torch.root})"
    return Finding(topic="torch", state="ok", found=found, needed=needed)
