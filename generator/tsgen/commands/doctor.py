"""What `tsgen doctor` looks at: the stage of that name, with what the resolver knows of torch and store."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tsgen import doctor, libtorch
from tsgen.doctor.findings import Facts, Stored, Torch
from tsgen.errors import LibTorchError
from tsgen.libtorch import catalog, stored
from tsgen.libtorch.host_platform import MuslError
from tsgen.libtorch.look import binary, inspect, libraries
from tsgen.toolchain import interpreter

if TYPE_CHECKING:
    from tsgen.doctor.findings import Diagnosis
    from tsgen.types import LibTorch


def diagnose(python: str | None, *, offline: bool) -> Diagnosis:
    """What is here and what is missing, for the interpreter `python`, else for the one that `tsgen new` would take."""
    chosen = interpreter.find(python)
    return doctor.diagnose(facts(chosen.torch), chosen, Path.cwd(), offline=offline)


def facts(torch: Path | None) -> Facts:
    """What the resolver knows."""
    platform, platform_problem, musl, found, torch_problem = None, "", False, None, ""
    try:
        platform = libtorch.host_platform()
    except LibTorchError as error:
        platform_problem, musl = error.message, isinstance(error, MuslError)
    try:
        found = _torch(torch) if torch else None
    except LibTorchError as error:
        torch_problem = error.message
    return Facts(
        platform=platform,
        platform_problem=platform_problem,
        musl=musl,
        torch=found,
        torch_problem=torch_problem,
        store=_store(),
    )


def _torch(root: Path) -> Torch:
    """Raises LibTorchError for a folder that is no whole LibTorch."""
    seen = inspect.look(root, origin="installed")
    library = libraries.library(root, "torch_cpu") or libraries.library(root, "torch")
    return Torch(
        root=root,
        version=seen.version,
        accelerator=seen.accelerator,
        cxx11_abi=seen.cxx11_abi,
        cxx_standard=seen.cxx_standard,
        glibc=binary.read(library).glibc if library else None,
        cuda_toolkit=_toolkit_floor(seen),
    )


def _toolkit_floor(found: LibTorch) -> str | None:
    """None too for a torch that the catalog does not know, such as one that somebody built."""
    try:
        return catalog.find(found.version, found.platform, found.accelerator).floors.cuda_toolkit
    except LibTorchError:
        return None


def _store() -> Stored:
    try:
        listing = stored.listing(only_stored=True)
    except LibTorchError as error:
        return Stored(root=Path(), entries=0, bytes=0, problem=error.message)
    return Stored(root=listing.store, entries=len(listing.stored), bytes=sum(each.bytes for each in listing.stored))
