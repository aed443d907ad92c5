"""What the numbers depend on, in words: no path and no name of a host is in them."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.bench import tool
from benchmarks.measure import Failed

if TYPE_CHECKING:
    from benchmarks.bench import Bench

_CPU_INFO = Path("/proc/cpuinfo")
_GIB = 2**30


def described(bench: Bench) -> dict[str, str]:
    return {
        "CPU": f"{cpu()}, {cores()} cores",
        "memory": f"{memory() / _GIB:.0f} GiB",
        "system": system(),
        "compiler": first_line(os.environ.get("CXX", "c++")),
        "CMake": first_line(bench.cmake),
        "compile cache": compile_cache(),
        "Python": f"{platform.python_version()}, torch {installed('torch')}, torchvision {installed('torchvision')}",
        "by hand, LibTorch is found by": bench.found_by,
        "stock `find_package(Torch)`": bench.stock.words,
    }


def cpu() -> str:
    text = _CPU_INFO.read_text(encoding="utf-8") if _CPU_INFO.is_file() else ""
    models = (line.partition(":")[2].strip() for line in text.splitlines() if line.startswith("model name"))
    return next(models, platform.machine())


def cores() -> int:
    """Those that this process may use."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1


def memory() -> int:
    return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")


def system() -> str:
    try:
        name = platform.freedesktop_os_release().get("PRETTY_NAME", platform.system())
    except OSError:
        name = platform.system()
    return f"{name}, {platform.machine()}"


def first_line(program: str) -> str:
    """Of what a program says of its version, without the folder that it may be in."""
    done = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)
    line = next(iter(done.stdout.splitlines()), "unknown")
    return line.replace(program, Path(program).name)


def compile_cache() -> str:
    try:
        return first_line(tool("ccache"))
    except Failed:
        return "no ccache"


def installed(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "none"
