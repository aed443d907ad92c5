"""The platform, its C library, its disks and the store."""

from __future__ import annotations

import os
import platform
import shutil
from typing import TYPE_CHECKING

from packaging.version import Version

from tsgen.console.meter import size
from tsgen.doctor.findings import Finding

if TYPE_CHECKING:
    from pathlib import Path

    from tsgen.doctor.findings import Facts, Stored

CPU_BYTES, CUDA_BYTES = 1_500_000_000, 8_000_000_000
"""What fetching a LibTorch takes while its wheels and its tree are both there: 0.7 GB for the CPU; for CUDA 13 the
wheels are 2.5 GB and the tree 5 GB."""
PROJECT_BYTES = 500_000_000
"""A project with the model and two build trees."""


def examine(facts: Facts, project: Path) -> list[Finding]:
    return [_platform(facts), *_glibc(facts), *_store(facts.store), _disk(project)]


def _platform(facts: Facts) -> Finding:
    needed = "a platform that PyTorch publishes LibTorch for"
    if facts.platform:
        return Finding(topic="platform", state="ok", found=f"{facts.platform}, {_system()}", needed=needed)
    glibc_image = "take an image with glibc, such as Debian's or a manylinux_2_28 one"
    fix = glibc_image if facts.musl else "build on another machine"
    return Finding(
        topic="platform", state="missing", found=facts.platform_problem, needed=needed, fix=fix, blocking=True
    )


def _system() -> str:
    try:
        return platform.freedesktop_os_release()["PRETTY_NAME"]
    except (OSError, KeyError):
        return f"{platform.system()} {platform.release()}"


def glibc() -> str | None:
    """The version of this machine's glibc; None where the C library is another one."""
    if "CS_GNU_LIBC_VERSION" not in getattr(os, "confstr_names", ()):
        return None
    return (os.confstr("CS_GNU_LIBC_VERSION") or "").removeprefix("glibc ") or None


def _glibc(facts: Facts) -> list[Finding]:
    here = glibc()
    floor = facts.torch.glibc if facts.torch else None
    if not here:
        return []
    needed = f"{floor} or newer, for the libraries of this torch" if floor else "2.28 or newer for torch 2.12 and later"
    fits = not floor or Version(here) >= Version(floor)
    fix = "" if fits else "a newer system or container, or an older torch: manylinux2014 wheels (up to 2.6) need 2.17"
    return [
        Finding(topic="glibc", state="ok" if fits else "old", found=here, needed=needed, fix=fix, blocking=not fits)
    ]


def _store(store: Stored) -> list[Finding]:
    needed = "keeps the LibTorch that tsgen fetches, one for all projects"
    if store.problem:
        fix = "name a folder with TSGEN_STORE"
        return [Finding(topic="store", state="missing", found=store.problem, needed=needed, fix=fix)]
    if not _writable(store.root):
        fix = "name a folder that you may write to with TSGEN_STORE"
        return [Finding(topic="store", state="missing", found=f"{store.root} is read-only", needed=needed, fix=fix)]
    kept = f"{store.entries} LibTorch, {size(store.bytes)}" if store.entries else "empty"
    found = f"{store.root}: {kept}, {size(_free(store.root))} free on its disk"
    room = f"{needed}; {size(CUDA_BYTES)} free to fetch a CUDA one, {size(CPU_BYTES)} a CPU one"
    low = _free(store.root) < (CUDA_BYTES if not store.entries else CPU_BYTES)
    fix = "free some space (`tsgen libtorch prune`), or move the store with TSGEN_STORE" if low else ""
    return [Finding(topic="store", state="missing" if low else "ok", found=found, needed=room, fix=fix)]


def _writable(folder: Path) -> bool:
    """Whether the folder can be written, or the nearest one above it when it is not there yet."""
    there = next(place for place in (folder, *folder.parents) if place.exists())
    return os.access(there, os.W_OK)


def _disk(project: Path) -> Finding:
    free = _free(project)
    low = free < PROJECT_BYTES
    return Finding(
        topic="disk",
        state="missing" if low else "ok",
        found=f"{size(free)} free here ({project})",
        needed=f"{size(PROJECT_BYTES)} for a project and its builds, and twice the size of the model",
        fix="free some space, or work on another disk" if low else "",
    )


def _free(folder: Path) -> int:
    """The free bytes of the disk that `folder` is on, or will be."""
    there = next(place for place in (folder, *folder.parents) if place.exists())
    return shutil.disk_usage(there).free
