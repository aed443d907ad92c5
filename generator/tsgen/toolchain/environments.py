"""Where a Python keeps its packages, told by its folders: nothing is started."""

from __future__ import annotations

import os
import re
import site
import sys
from dataclasses import dataclass
from pathlib import Path

_PYTHON = re.compile(r"python(\d+(\.\d+)?)?w?(\.exe)?", re.IGNORECASE)
_VERSION = re.compile(r"^version(?:_info)?\s*=\s*(\d+)\.(\d+)\.(\d+)", re.MULTILINE)
"""`version` is venv's word in pyvenv.cfg, `version_info` that of virtualenv and uv."""


@dataclass(frozen=True, kw_only=True)
class Environment:
    version: str
    packages: tuple[Path, ...]
    """The folders that it looks through, in their order."""


def of(executable: Path) -> Environment | None:
    """None for what is neither the Python that runs tsgen nor one of a virtual environment."""
    if os.environ.get("PYTHONHOME") or not _PYTHON.fullmatch(executable.name):
        return None
    root = executable.parent.parent
    is_own = str(executable) == sys.executable and root == Path(sys.base_prefix) == Path(sys.prefix)
    return _own() if is_own else _virtual(root)


def comes_before(package: str) -> bool:
    """Whether PYTHONPATH may bring `package`, which every Python then takes before its own."""
    folders = [Path(folder) for folder in os.environ.get("PYTHONPATH", "").split(os.pathsep) if folder]
    return any(it.is_file() or (it / package).is_dir() or any(it.glob(f"{package}.*")) for it in folders)


def _own() -> Environment:
    """What `site` gave to this process; nothing of the folder in which the user stands."""
    known = {*site.getsitepackages(), *([site.getusersitepackages()] if site.ENABLE_USER_SITE else [])}
    packages = tuple(Path(folder) for folder in dict.fromkeys(sys.path) if folder in known)
    return Environment(version=".".join(map(str, sys.version_info[:3])), packages=packages)


def _virtual(root: Path) -> Environment | None:
    try:
        found = _VERSION.search((root / "pyvenv.cfg").read_text(encoding="utf-8", errors="replace"))
    except OSError:
        return None
    if not found:
        return None
    inside = Path("Lib") if sys.platform == "win32" else Path(f"lib/python{found[1]}.{found[2]}")
    return Environment(version=".".join(found.groups()), packages=(root / inside / "site-packages",))
