"""The platform of this machine, under the name that LibTorch is published by; refused where there is no LibTorch."""

from __future__ import annotations

import os
import platform

from tsgen.errors import LibTorchError
from tsgen.types import PLATFORMS

_SYSTEMS = {"Linux": "linux", "Darwin": "macos", "Windows": "windows"}
_MACHINES = {"x86_64": "x86_64", "amd64": "x86_64", "aarch64": "aarch64", "arm64": "aarch64"}


class MuslError(LibTorchError):
    """The C library of this machine is musl, for which PyTorch builds nothing."""


def host_platform() -> str:
    """Raises LibTorchError on a machine for which no LibTorch is built."""
    system = _SYSTEMS.get(platform.system(), platform.system().lower())
    machine = _MACHINES.get(platform.machine().lower(), platform.machine().lower())
    if system != "linux" and machine == "aarch64":
        machine = "arm64"
    musl = system == "linux" and _on_musl()
    name = f"{system}{'-musl' if musl else ''}-{machine}"
    if name not in PLATFORMS:
        kind = MuslError if musl else LibTorchError
        raise kind(f"there is no LibTorch for {name}", hint=f"it exists for {', '.join(PLATFORMS)}")
    return name


def _on_musl() -> bool:
    """The C library is asked first, where there is such a question: to read this Python's headers takes longer."""
    name = "CS_GNU_LIBC_VERSION"
    if name in os.confstr_names and (os.confstr(name) or "").startswith("glibc"):
        return False
    from packaging import tags  # noqa: PLC0415

    return next(tags.platform_tags()).startswith("musllinux")
