"""Which wheel of torch to take for a distribution, and on which index it is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tsgen import console
from tsgen.errors import LibTorchError
from tsgen.libtorch.wheels import nvidia, pip, tags
from tsgen.libtorch.wheels.tags import Target
from tsgen.types import system_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tsgen.libtorch.wheels.pip import PipError, WheelReport
    from tsgen.types import Distribution, WheelFile

CPU = "cpu"


@dataclass(frozen=True, kw_only=True)
class Offer:
    """A wheel of torch that is there to take."""

    report: WheelReport
    target: Target
    index: str | None
    """Where it was found, when not by pip's own configuration."""


def published(distribution: Distribution) -> WheelFile:
    if distribution.wheel:
        return distribution.wheel
    raise LibTorchError(
        f"no wheel of torch holds LibTorch {distribution.version} {distribution.accelerator} "
        f"({distribution.build_type}) for {distribution.platform}",
        hint="take the zip with --libtorch archive" if distribution.archive else "",
    )


def find(distribution: Distribution, accelerator: str) -> Offer:
    """The first of `_candidates` that there is. Raises PipError for what stood in the way of the likeliest."""
    refusals: list[PipError] = []
    for requirement, index in _candidates(distribution, accelerator):
        console.progress(f"asking pip for {requirement}")
        try:
            offer = _ask(distribution, requirement, index)
        except pip.NoSuchWheelError as refused:
            refusals.append(refused)
        except pip.UnreachableError as refused:
            if not index:
                raise
            refusals.append(refused)
        else:
            _tell(offer, accelerator, refusals)
            return offer
    raise next((each for each in refusals if isinstance(each, pip.UnreachableError)), refusals[0])


def _candidates(distribution: Distribution, accelerator: str) -> Iterator[tuple[str, str | None]]:
    """What to ask pip for, and on which index besides the one that it is configured for.

    `==2.14.1` would also take `2.14.1+cpu`, which some mirrors have beside it: hence `===`. For the CPU, PyTorch's own
    index comes before the wheel for CUDA: 190 MB instead of 520 to 920, and nothing to leave out.
    """
    wheel = published(distribution)
    plain, local = f"torch==={distribution.version}", f"torch=={distribution.version}+{accelerator}"
    if not wheel.index:
        yield plain, None
        yield local, None
        return
    yield local, None
    yield local, wheel.index
    if accelerator == CPU and system_of(distribution.platform) == "linux":
        yield plain, None


def _ask(distribution: Distribution, requirement: str, index: str | None) -> Offer:
    """Ask for a wheel for the Python at hand, else for another: they differ in what C++ does not use."""
    wheel = published(distribution)
    target = Target(
        platform=distribution.platform,
        python=tags.best_python(wheel.python_tags),
        platform_tag=wheel.platform_tag,
    )
    try:
        return _report(requirement, target, index)
    except pip.NoSuchWheelError as refused:
        for python in refused.pythons:
            if python != target.python:
                return _report(requirement, replace(target, python=python), index)
        raise


def _report(requirement: str, target: Target, index: str | None) -> Offer:
    (report,) = pip.report([requirement], target.torch_tags, target.python, index)
    return Offer(report=report, target=target, index=index)


def _tell(offer: Offer, accelerator: str, refusals: list[PipError]) -> None:
    if accelerator == CPU and refusals and nvidia.is_named(offer.report, offer.target):
        console.note(
            f"the CPU libraries are taken from the larger {offer.report.file}, which is built for CUDA: "
            f"{refusals[-1].message}"
        )
