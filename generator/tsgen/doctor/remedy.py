"""The command that installs something, in the words of this system's package manager."""

from __future__ import annotations

import platform
import shutil
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_MANAGERS: Mapping[str, str] = {
    "apt-get": "sudo apt-get install {}",
    "dnf": "sudo dnf install {}",
    "yum": "sudo yum install {}",
    "zypper": "sudo zypper install {}",
    "pacman": "sudo pacman -S {}",
    "apk": "sudo apk add {}",
    "brew": "brew install {}",
}
_PACKAGES: Mapping[str, Mapping[str, str]] = {
    "compiler": {
        "apt-get": "g++",
        "dnf": "gcc-c++",
        "yum": "gcc-c++",
        "zypper": "gcc-c++",
        "pacman": "gcc",
        "apk": "g++",
    },
    "driver": {"apt-get": "nvidia-driver", "pacman": "nvidia"},
}
_SYSTEMS: Mapping[str, Mapping[str, str]] = {
    "Darwin": {"compiler": "xcode-select --install"},
    "Windows": {"compiler": 'winget install Microsoft.VisualStudio.2022.BuildTools --override "--add '
                            'Microsoft.VisualStudio.Workload.VCTools --includeRecommended --passive"'},
}  # fmt: skip


def install(what: str, otherwise: str) -> str:
    """How `what` (compiler, driver) is installed here; `otherwise` where no package manager we know is."""
    if command := _SYSTEMS.get(platform.system(), {}).get(what):
        return command
    for manager, package in _PACKAGES[what].items():
        if shutil.which(manager):
            return _MANAGERS[manager].format(package)
    return otherwise


def pip(*packages: str, python: str | None = None) -> str:
    return f"{python or sys.executable} -m pip install {' '.join(packages)}"
