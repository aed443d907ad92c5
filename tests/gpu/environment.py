"""The Python that has torch, and a tsgen beside it that needs no network."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
_ASK = """
import json, importlib.util as util
def version(name):
    try:
        return __import__(name).__version__
    except Exception as error:
        return ""
torch = __import__("torch") if util.find_spec("torch") else None
print(json.dumps({"torch": torch and torch.__version__, "cuda": torch and torch.version.cuda,
                  "gpu": torch.cuda.get_device_name(0) if torch and torch.cuda.is_available() else "",
                  "torchvision": version("torchvision"), "transformers": version("transformers")}))
"""


class CannotStartError(Exception):
    """What was asked for cannot be had, in a sentence."""


class NoTorchError(Exception):
    """There is no torch for CUDA, in a sentence."""


@dataclass(frozen=True)
class Has:
    """What the model's Python has; empty where it has none."""

    torch: str | None
    cuda: str | None
    gpu: str
    torchvision: str
    transformers: str


@dataclass(frozen=True)
class Environment:
    command: tuple[str, ...]
    """Starts tsgen."""
    variables: dict[str, str]
    has: Has


def prepared(python: Path, wheels: Path | None, place: Path) -> Environment:
    """Raises NoTorchError, and CannotStartError when the folder of wheels lacks one."""
    has = _asked(python)
    if not has.torch or not has.cuda:
        raise NoTorchError(f"{python} has {f'torch {has.torch} for the CPU' if has.torch else 'no torch'}")
    own = {"TSGEN_PYTHON": str(python), "TSGEN_OFFLINE": "1", "PYTHONPATH": str(ROOT / "generator")}
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TSGEN_")}
    tsgen = _installed(python, wheels, place / "tools") if wheels else Path(sys.executable)
    return Environment((str(tsgen), "-m", "tsgen"), {**kept, **own}, has)


def _asked(python: Path) -> Has:
    done = subprocess.run([str(python), "-W", "ignore", "-c", _ASK], capture_output=True, text=True, check=False)
    if done.returncode:
        raise CannotStartError(f"{python} cannot say what it has: {done.stderr.strip()[-300:]}")
    return Has(**json.loads(done.stdout.splitlines()[-1]))


def _installed(python: Path, wheels: Path, folder: Path) -> Path:
    """An environment with what tsgen itself needs, out of `wheels` alone; its torch stays the other Python's."""
    tools = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    _said([str(python), "-m", "venv", "--clear", "--without-pip", str(folder)], "no environment can be made")
    where = ("--no-index", "--find-links", str(wheels.absolute()), "--disable-pip-version-check")
    _said(
        [str(python), "-m", "pip", "--python", str(tools), "install", "--quiet", *where, "tsgen-cpp"],
        f"{wheels} has not all that tsgen needs (`pip wheel -w {wheels} .` fills it where there is a network)",
    )
    return tools


def _said(command: list[str], problem: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        said = [line for line in (done.stderr or done.stdout).splitlines() if not line.startswith("WARNING")]
        raise CannotStartError(f"{problem}: {' '.join(said)[-400:]}")
