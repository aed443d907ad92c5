"""Which wheels fit a machine that is not this one: platform tags, Pythons, the markers of requirements."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from packaging.utils import InvalidWheelFilename, parse_wheel_filename

from tsgen.errors import UnsafeError
from tsgen.types import system_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_SYSTEMS = {
    "linux": ("Linux", "linux", "posix"),
    "macos": ("Darwin", "darwin", "posix"),
    "windows": ("Windows", "win32", "nt"),
}
_MACHINES = {"windows-x86_64": "AMD64", "windows-arm64": "ARM64"}
_LEGACY = {17: "manylinux2014", 12: "manylinux2010", 5: "manylinux1"}
"""By the minor version of glibc 2."""
_OLDEST_GLIBC, _NEWEST_GLIBC = 5, 28
"""NVIDIA's wheels of one release differ; none that a torch up to 2.15 names needs more."""


@dataclass(frozen=True, kw_only=True)
class Target:
    """The machine and the Python that a wheel is for."""

    platform: str
    """`linux-x86_64`."""
    python: str
    """`3.12`."""
    platform_tag: str
    """Of torch's wheel."""

    @property
    def torch_tags(self) -> tuple[str, ...]:
        """The platform tags of torch's own wheels.

        On PyTorch's own index the wheels up to 2.6 that were built as manylinux1 say plainly `linux`.
        """
        machine = self.platform.partition("-")[2]
        plain = (f"linux_{machine}",) if self.platform_tag.startswith("manylinux") else ()
        return (self.platform_tag, *plain)

    @property
    def other_tags(self) -> tuple[str, ...]:
        """Platform tags of wheels that torch's requires: every manylinux, as an older pip derives none itself."""
        if system_of(self.platform) != "linux":
            return (self.platform_tag,)
        machine = self.platform.partition("-")[2]
        own = re.match(r"manylinux_2_(\d+)_", self.platform_tag)
        newest = max(_NEWEST_GLIBC, int(own[1]) if own else 0)
        return tuple(f"{word}_{machine}" for word in _manylinux(newest))

    @property
    def markers(self) -> dict[str, str]:
        """The environment for `packaging.markers`: every value, so that none is this machine's."""
        system, machine = self.platform.split("-", 1)
        platform_system, sys_platform, os_name = _SYSTEMS[system]
        return {
            "extra": "",
            "implementation_name": "cpython",
            "implementation_version": f"{self.python}.0",
            "os_name": os_name,
            "platform_machine": _MACHINES.get(self.platform, machine),
            "platform_python_implementation": "CPython",
            "platform_release": "",
            "platform_system": platform_system,
            "platform_version": "",
            "python_full_version": f"{self.python}.0",
            "python_version": self.python,
            "sys_platform": sys_platform,
        }


def best_python(offered: Sequence[str]) -> str:
    """`3.12` of `("cp313", "cp312")`: pip may have in its cache what the Python that runs tsgen has installed.

    To C++ one is as good as another, so the newest where this Python is not offered.
    """
    running = f"cp{sys.version_info.major}{sys.version_info.minor}"
    return _dotted(running if running in offered else offered[0])


def of_file(file: str) -> tuple[tuple[str, ...], str]:
    """The platform tags and the Python of a wheel that a lock names; `3.12` for one that fits any."""
    try:
        tags = parse_wheel_filename(file)[3]
    except InvalidWheelFilename:
        raise UnsafeError(
            f"tsgen.lock names `{file}`, which is not the name of a wheel", hint="take tsgen.lock back from git"
        ) from None
    python = next((_dotted(tag.interpreter) for tag in tags if tag.interpreter.startswith("cp")), "3.12")
    return tuple(sorted({tag.platform for tag in tags})), python


def _dotted(tag: str) -> str:
    return f"3.{tag.removeprefix('cp3')}"


def _manylinux(newest: int) -> Iterator[str]:
    for minor in range(newest, _OLDEST_GLIBC - 1, -1):
        yield f"manylinux_2_{minor}"
        if minor in _LEGACY:
            yield _LEGACY[minor]
