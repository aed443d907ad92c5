"""The wheels of torch, through pip, for any platform from any platform; nothing of them is installed or run."""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from packaging.requirements import Requirement
from packaging.version import Version

from tsgen import console
from tsgen.errors import LibTorchError, UnsafeError
from tsgen.libtorch.archive.unpack import names, unpack
from tsgen.libtorch.wheels import cut, nvidia, pip, tags
from tsgen.libtorch.wheels.offer import CPU, find, published
from tsgen.system import fetch, files
from tsgen.types import Source

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from tsgen.libtorch.wheels.offer import Offer
    from tsgen.libtorch.wheels.pip import WheelReport
    from tsgen.types import Distribution, WheelFile

ROOT = "torch"


def make_tree(
    distribution: Distribution,
    target: Path,
    *,
    downloads: Path,
    accelerator: str,
    locked: tuple[Source, ...] = (),
) -> tuple[Source, ...]:
    """Fill the empty folder `target` with `torch/{lib,include,share}` and, where needed, `nvidia/*/lib` beside it.

    That is how they lie in site-packages, so the run paths inside the libraries hold. `accelerator` `cpu` takes the CPU
    libraries alone, also from a wheel for CUDA. Returns what tsgen.lock is to pin, torch's wheel first. Raises
    LibTorchError when a wheel cannot be had, UnsafeError when it is not the one that `locked` or the index names.
    """
    offer = None if locked else find(distribution, accelerator)
    wheel = published(distribution)
    source = _source(offer.report) if offer else _locked_torch(locked, distribution)
    indexes = (offer.index,) if offer else _indexes(source, wheel)
    source, left_out = _take_torch(source, target, downloads, indexes, cpu_only=accelerator == CPU)
    if left_out:
        console.progress(f"left out {', '.join(left_out)}: they need CUDA")
    if accelerator == CPU:
        return (source, *_take_cpu_parts(offer, locked[1:], target, downloads))
    beside = locked[1:] if offer is None else map(_source, nvidia.wheels(offer.report, offer.target))
    return (source, *(_take(each, target, downloads, cut.of_nvidia()) for each in beside))


def pins(distribution: Distribution, accelerator: str) -> tuple[Source, ...]:
    """What `make_tree` would take, by what the index says of it, without downloading the wheels. Raises as it does."""
    offer = find(distribution, accelerator)
    choose = nvidia.cpu_wheels if accelerator == CPU else nvidia.wheels
    reports = (offer.report, *choose(offer.report, offer.target))
    unknown = [report.file for report in reports if not report.sha256]
    if unknown:
        raise LibTorchError(
            f"the index does not tell the sha256 of {', '.join(unknown)}",
            hint="`tsgen libtorch fetch` downloads it and pins what came",
        )
    return tuple(map(_source, reports))


def _source(report: WheelReport) -> Source:
    return Source(file=report.file, sha256=report.sha256 or "", requirement=report.requirement)


def _locked_torch(locked: tuple[Source, ...], distribution: Distribution) -> Source:
    torch = locked[0]
    name, _, version = torch.requirement.partition("==")
    if name == "torch" and version and Version(version).public == distribution.version:
        return torch
    raise UnsafeError(
        f"tsgen.lock names {torch.file}, not a wheel of torch {distribution.version}",
        hint="delete the entry from tsgen.lock to choose anew",
    )


def _indexes(source: Source, wheel: WheelFile) -> tuple[str | None, ...]:
    """Where a locked wheel may be: pip's index first; one with a local version may be on PyTorch's own alone."""
    return (None, wheel.index) if wheel.index and "+" in source.requirement else (None,)


def _take_torch(
    source: Source, target: Path, downloads: Path, indexes: tuple[str | None, ...], *, cpu_only: bool
) -> tuple[Source, list[str]]:
    """Also the libraries that were left out because of others that were."""
    with _downloaded(source, downloads, indexes) as (wheel, got):
        inside = names(wheel)
        unpack(wheel, target, cut.of_torch(inside, cpu_only=cpu_only))
    return got, sorted(cut.drop_incomplete(target, inside)) if cpu_only else []


def _take(
    source: Source,
    target: Path,
    downloads: Path,
    wanted: Callable[[str], bool],
    indexes: tuple[str | None, ...] = (None,),
) -> Source:
    with _downloaded(source, downloads, indexes) as (wheel, got):
        unpack(wheel, target, wanted)
    return got


def _take_cpu_parts(offer: Offer | None, locked: tuple[Source, ...], target: Path, downloads: Path) -> Iterator[Source]:
    """Exactly those libraries of NVIDIA that the CPU libraries are linked with: none for most wheels."""
    libraries = {name for name in cut.outside(target) if nvidia.part_of(name)}
    if not libraries:
        return
    parts = {part for part in map(nvidia.part_of, libraries) if part}
    sources = map(_source, nvidia.wheels(offer.report, offer.target, parts)) if offer else _of_parts(locked, parts)
    for source in sources:
        yield _take(source, target, downloads, cut.of_nvidia(libraries))
    if missing := sorted(name for name in cut.outside(target) if nvidia.part_of(name)):
        raise LibTorchError(
            f"the CPU libraries of this wheel need {', '.join(missing)}, which no wheel that it names holds",
            hint="delete the entry from tsgen.lock to choose anew" if locked else "take another --torch-version",
        )


def _of_parts(locked: Iterable[Source], parts: set[str]) -> Iterator[Source]:
    return (source for source in locked if nvidia.part(Requirement(source.requirement).name) in parts)


@contextmanager
def _downloaded(source: Source, downloads: Path, indexes: tuple[str | None, ...]) -> Iterator[tuple[Path, Source]]:
    """The wheel, and the source with the hash that it has; gone afterwards, with all that pip left."""
    folder = downloads / f"{source.file}.pip"
    with fetch.alone_with(folder):
        shutil.rmtree(folder, ignore_errors=True)
        try:
            wheel = _fetched(source, folder, indexes)
            yield wheel, replace(source, sha256=source.sha256 or files.sha256(wheel))
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def _fetched(source: Source, folder: Path, indexes: tuple[str | None, ...]) -> Path:
    platforms, python = tags.of_file(source.file)
    # Without a hash nothing else keeps another local version out.
    requirement = source.requirement if source.sha256 else source.requirement.replace("==", "===")
    ask = partial(pip.download, requirement, source.sha256 or None, folder, platforms, python)
    try:
        return ask(indexes[0])
    except pip.NoSuchWheelError:
        if len(indexes) == 1:
            raise
    return ask(indexes[1])
