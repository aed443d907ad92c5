"""Which LibTorch is published where, under which name and with which floors: pure rules, no network.

The rules are the files in `data/`, each row with its source.
"""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, get_args

from packaging.version import InvalidVersion, Version

from tsgen.errors import LibTorchError
from tsgen.libtorch.catalog import load, refusal, rules
from tsgen.libtorch.catalog.distribution import distribution
from tsgen.types import PLATFORMS, BuildType, Distribution, accelerator_kind, system_of

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["check", "everything", "find", "newest", "versions"]

CUDA = "cuda"


def versions() -> list[str]:
    """Every release, the newest first."""
    return [str(version) for version in load.releases()]


def newest() -> str:
    return versions()[0]


def find(
    version: str,
    platform: str,
    accelerator: str = "cpu",
    build_type: BuildType = "release",
    *,
    cxx11_abi: bool | None = None,
) -> Distribution:
    """The distribution of that name; `cuda` is the CUDA of the wheel on the package index, else the newest.

    `cxx11_abi` None takes the ABI of the wheel, which is what Python runs, else the one there is.
    Raises LibTorchError for what does not exist, with the reason and the nearest that does.
    """
    refusal.unknown_platform(platform)
    release = _parsed(version, platform)
    accelerator = _default_cuda(release, platform) if accelerator == CUDA else accelerator
    refusal.unknown_accelerator(release, platform, accelerator)
    wanted = (cxx11_abi,) if cxx11_abi is not None else _abis(release, platform, accelerator)
    for abi in wanted:
        if found := distribution(release, platform, accelerator, build_type, cxx11_abi=abi):
            return found
    raise refusal.missing(release, platform, accelerator, build_type, cxx11_abi=cxx11_abi)


def check(version: str | None, platform: str | None) -> None:
    """Raises LibTorchError for a version or platform that the catalog does not know."""
    if platform:
        refusal.unknown_platform(platform)
    if version:
        _parsed(version, platform or "any platform")


def everything() -> Iterator[Distribution]:
    """All there is, the newest first."""
    for version, platform in product(load.releases(), PLATFORMS):
        for accelerator, build_type, abi in product(
            rules.accelerators(version, platform), get_args(BuildType), (True, False)
        ):
            distinct = system_of(platform) == "windows" or build_type == "release"
            if distinct and (found := distribution(version, platform, accelerator, build_type, cxx11_abi=abi)):
                yield found


def _parsed(version: str, platform: str) -> Version:
    try:
        release = Version(Version(version).public)
    except InvalidVersion:
        raise LibTorchError(f"`{version}` is no version", hint=f"such as {newest()}") from None
    if release not in load.releases():
        raise refusal.unknown_version(release, platform)
    # 2.13 is 2.13.0, and named so in addresses.
    return next(known for known in load.releases() if known == release)


def _abis(version: Version, platform: str, accelerator: str) -> tuple[bool, bool]:
    """The wheel's first."""
    rule = rules.wheel_rule(version, platform)
    first = rules.wheel_abi(version, accelerator, rule) if rule else True
    return first, not first


def _default_cuda(version: Version, platform: str) -> str:
    every = [name for name in rules.accelerators(version, platform) if accelerator_kind(name) == CUDA]
    rule = rules.wheel_rule(version, platform)
    of_wheel = rules.built_for(version, rule) if rule else ""
    return of_wheel if of_wheel in every else every[-1] if every else CUDA
