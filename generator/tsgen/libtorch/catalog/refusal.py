"""Why a LibTorch does not exist, and the nearest one that does."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from packaging.version import Version

from tsgen.errors import LibTorchError
from tsgen.libtorch.catalog import load, rules
from tsgen.libtorch.catalog.distribution import distribution
from tsgen.types import PLATFORMS, accelerator_kind, system_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tsgen.types import BuildType


def unknown_platform(platform: str) -> None:
    """Raises LibTorchError."""
    if re.search("musl|alpine", platform):
        raise LibTorchError(
            f"there is no LibTorch for {platform}: PyTorch publishes none for musl (Alpine), neither archive nor wheel",
            hint="use a system with glibc (Debian, Ubuntu, Fedora), linux-x86_64 or linux-aarch64",
        )
    if platform not in PLATFORMS:
        raise LibTorchError(f"there is no LibTorch for {platform}", hint=f"it exists for {', '.join(PLATFORMS)}")


def unknown_version(version: Version, platform: str) -> LibTorchError:
    known = list(load.releases())
    if version > known[0]:
        reason = f"{version} is newer than the newest release that this tsgen knows, {known[0]}"
        return LibTorchError(reason, hint=f"--torch-version {known[0]}, or a newer tsgen")
    if version < known[-1]:
        reason = f"{version} is older than {known[-1]}, the oldest that tsgen knows"
        return LibTorchError(reason, hint=f"--torch-version {known[-1]}")
    same_minor = [other for other in known if other.release[:2] == version.release[:2]]
    close = same_minor[0] if same_minor else min(known, key=lambda other: _distance(other, version))
    return LibTorchError(f"there is no release {version} of PyTorch ({platform})", hint=f"--torch-version {close}")


def unknown_accelerator(version: Version, platform: str, accelerator: str) -> None:
    """Raises LibTorchError for one that this release has not for this platform."""
    known = rules.accelerators(version, platform)
    if accelerator in known:
        return
    reason = f"LibTorch {version} for {platform} was not built for {accelerator}"
    if accelerator_kind(accelerator) == "xpu":
        reason = "there is no LibTorch for XPU in any version"
    elif accelerator_kind(accelerator) == "rocm" and platform != "linux-x86_64":
        reason = f"there is no LibTorch with ROCm for {platform}; it exists for linux-x86_64 alone"
    elif accelerator_kind(accelerator) == "cuda" and system_of(platform) == "macos":
        reason = f"there is no CUDA on macOS; LibTorch for {platform} has the CPU (and MPS)"
    near = _nearest_accelerator(accelerator, known)
    raise LibTorchError(reason, hint=f"--accelerator {near} (it exists for {', '.join(known)})")


def missing(
    version: Version, platform: str, accelerator: str, build_type: BuildType, *, cxx11_abi: bool | None
) -> LibTorchError:
    if cxx11_abi is not None and (error := _wrong_abi(version, platform, accelerator, build_type, cxx11_abi=cxx11_abi)):
        return error
    near = _nearest_version(version, platform, accelerator, build_type)
    what = f"{build_type} LibTorch {version} {accelerator} for {platform}"
    return LibTorchError(
        f"there is no {what}{_reason(version, platform, build_type)}", hint=_hint(near, platform, build_type)
    )


def _wrong_abi(
    version: Version, platform: str, accelerator: str, build_type: BuildType, *, cxx11_abi: bool
) -> LibTorchError | None:
    """The other ABI exists."""
    if not _exists(version, platform, accelerator, build_type, (not cxx11_abi,)):
        return None
    words = {True: "cxx11", False: "pre-cxx11"}
    reason = f"LibTorch {version} {accelerator} for {platform} is not built with the {words[cxx11_abi]} ABI"
    if system_of(platform) != "linux":
        return LibTorchError(f"{reason}: the two ABIs are a matter of Linux", hint="leave --abi out")
    return LibTorchError(reason, hint=f"--abi {words[not cxx11_abi]}")


def _reason(version: Version, platform: str, build_type: BuildType) -> str:
    if platform == "macos-x86_64" and version > Version("2.2.2"):
        return ": 2.2.2 was the last for Intel Macs"
    if system_of(platform) == "windows" and build_type == "debug" and version > Version("2.12.0"):
        return ": 2.12.0 was the last with a Debug archive"
    if platform == "windows-arm64":
        return ": only some releases were seen, and none as a wheel"
    return ""


def _hint(near: Version | None, platform: str, build_type: BuildType) -> str:
    nearest = f"--torch-version {near} is the nearest that exists" if near else "no release has it"
    if system_of(platform) == "windows" and build_type == "debug":
        return f"build RelWithDebInfo against the release LibTorch (--build-type release); {nearest}"
    return nearest


def _nearest_version(version: Version, platform: str, accelerator: str, build_type: BuildType) -> Version | None:
    """The nearest version with that accelerator if any release has it, else with whatever there is."""
    for accelerators in ((accelerator,), ()):
        known = [
            other
            for other in load.releases()
            for word in accelerators or rules.accelerators(other, platform)
            if _exists(other, platform, word, build_type, (True, False))
        ]
        if known:
            return min(known, key=lambda other: _distance(other, version))
    return None


def _exists(version: Version, platform: str, accelerator: str, build_type: BuildType, abis: Iterable[bool]) -> bool:
    if accelerator not in rules.accelerators(version, platform):
        return False
    return any(distribution(version, platform, accelerator, build_type, cxx11_abi=abi) for abi in abis)


def _distance(one: Version, other: Version) -> int:
    """How many releases lie between."""
    known = list(load.releases())
    return abs(known.index(one) - sum(version > other for version in known))


def _nearest_accelerator(accelerator: str, known: tuple[str, ...]) -> str:
    same = [name for name in known if accelerator_kind(name) == accelerator_kind(accelerator)]
    number = int(re.sub(r"\D", "", accelerator) or 0)
    if not same:
        return "cpu"
    return min(same, key=lambda name: abs(int(re.sub(r"\D", "", name) or 0) - number))
