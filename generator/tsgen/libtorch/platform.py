"""The platform names of DESIGN.md, from what this machine says of itself."""

from __future__ import annotations

import platform

from packaging import tags

from tsgen.errors import LibTorchError
from tsgen.types import PLATFORMS

_SYSTEMS = {"Linux": "linux", "Darwin": "macos", "Windows": "windows"}
_MACHINES = {"x86_64": "x86_64", "amd64": "x86_64", "aarch64": "aarch64", "arm64": "aarch64"}


def host_platform() -> str:
    """Raises LibTorchError on a machine for which no LibTorch is built."""
    system = _SYSTEMS.get(platform.system(), platform.system().lower())
    machine = _MACHINES.get(platform.machine().lower(), platform.machine().lower())
    if system != "linux" and machine == "aarch64":
        machine = "arm64"
    if system == "linux" and next(tags.platform_tags()).startswith("musllinux"):
        system = "linux-musl"
    name = f"{system}-{machine}"
    if name not in PLATFORMS:
        raise LibTorchError(f"there is no LibTorch for {name}", hint=f"it exists for {', '.join(PLATFORMS)}")
    return name
