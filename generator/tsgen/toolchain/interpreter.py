"""The Python that has the model's torch: found without importing torch, which would take seconds.

Most Pythons are not even started: where their packages lie tells. The others are asked.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tsgen.errors import ConfigError, ToolFailedError, ToolMissingError
from tsgen.system import codec, process
from tsgen.system.versions import declared_version
from tsgen.toolchain import environments

_PROBE = """
import importlib.util, json, sys
spec = importlib.util.find_spec("torch")
print(json.dumps([sys.version.split()[0], list(spec.submodule_search_locations or []) if spec else []]))
"""


@dataclass(frozen=True, kw_only=True)
class Interpreter:
    executable: Path
    version: str
    torch: Path | None
    """The folder of its torch package, or None when it has none."""
    torch_version: str | None
    """As torch.__version__ gives it."""


def find(named: str | None, remembered: str | None = None) -> Interpreter:
    """The interpreter that was named, else the first of the likely ones that has torch, else the one that runs tsgen.

    The likely ones: the one this project used last, the active virtual environment, the one that runs tsgen, `python3`.
    Raises ConfigError when the named one is not a Python.
    """
    if named:
        return _inspect_named(named)
    for candidate in _likely(remembered):
        found = _inspect(candidate)
        if found and found.torch:
            return found
    return Interpreter(executable=Path(sys.executable), version="", torch=None, torch_version=None)


def _inspect_named(named: str) -> Interpreter:
    path = shutil.which(named)
    # Absolute, but with its symbolic links: they are what makes a virtual environment.
    found = _inspect(Path(path).absolute()) if path else None
    if not found:
        came = "is not a Python interpreter" if path or Path(named).exists() else "does not exist"
        raise ConfigError(f"--python: `{named}` {came}", hint="name the python of the environment that has torch")
    return found


def _likely(remembered: str | None) -> list[Path]:
    environment = os.environ.get("VIRTUAL_ENV")
    inside = Path("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    words = [
        remembered,
        str(Path(environment) / inside) if environment else None,
        sys.executable,
        shutil.which("python3"),
    ]
    return [Path(word) for word in dict.fromkeys(words) if word and Path(word).exists()]


def _inspect(executable: Path) -> Interpreter | None:
    return _by_path(executable) or _asked(executable)


def _by_path(executable: Path) -> Interpreter | None:
    """None where its folders do not tell for sure: they have no torch, or another may come before it."""
    environment = environments.of(executable)
    if not environment or environments.comes_before("torch"):
        return None
    folders = (folder / "torch" for folder in environment.packages)
    torch = next((folder for folder in folders if (folder / "__init__.py").is_file()), None)
    version = declared_version(torch) if torch else None
    if not version:
        return None
    return Interpreter(executable=executable, version=environment.version, torch=torch, torch_version=version)


def _asked(executable: Path) -> Interpreter | None:
    try:
        # Run in an empty place: a folder called `torch` where the user stands is not torch.
        answer = process.run([executable, "-c", _PROBE], cwd=Path(tempfile.gettempdir()))
        # The last line: some Pythons print something of their own at their start.
        version, folders = codec.parsed(answer.stdout.rstrip().rpartition("\n")[2])
    except (ToolFailedError, ToolMissingError, ValueError, TypeError):
        return None
    torch = Path(folders[0]) if folders else None
    torch_version = declared_version(torch) if torch else None
    # Without a version it is a stray folder of that name (a namespace package), not an installed torch.
    return Interpreter(
        executable=executable, version=version, torch=torch if torch_version else None, torch_version=torch_version
    )
