"""Config and tsgen.lock -> which LibTorch is wanted, for this machine and for the further platforms of the project."""

from __future__ import annotations

import os
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from packaging.version import Version

from tsgen.console import note, progress
from tsgen.errors import LibTorchError
from tsgen.libtorch.host_platform import host_platform
from tsgen.libtorch.look.accelerator import answers
from tsgen.libtorch.pinned import of_pin
from tsgen.types import LibTorchRequest, accelerator_kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from tsgen.config import Config
    from tsgen.toolchain.interpreter import Interpreter
    from tsgen.types import Pin

CUDA = "cuda"
# PyTorch publishes no CUDA for these: a project for CUDA is one for the CPU there.
_WITHOUT_CUDA = frozenset({"macos-arm64", "macos-x86_64", "windows-arm64"})


def is_folder(word: str) -> bool:
    """Whether a value of --libtorch is a folder: it looks like a path, and not like a provider's name."""
    return bool(re.search(r"[/\\.~]", word))


def wanted(
    config: Config, home: Path, python: Interpreter, exported_by: str | None, pins: Iterable[Pin]
) -> LibTorchRequest:
    """The request for a LibTorch of this machine. `exported_by`: the torch version that the model is or will be of.

    Raises LibTorchError with --locked when tsgen.lock names none for it.
    """
    platform = host_platform()
    request = _request(config, home, platform, python.torch, exported_by)
    pin = _pin_for(pins, platform, config)
    if config.locked:
        if not pin:
            raise LibTorchError(
                f"tsgen.lock names no LibTorch for {platform} {config.build_type}, and --locked takes no other",
                hint="`tsgen build` without --locked writes it",
            )
        _refuse_other_request(pin, config, request)
        return of_pin(pin, request)
    return of_pin(pin, request) if pin and pin.sources and _still_wanted(pin, request) else request


def further(config: Config, exported_by: str | None, pins: Iterable[Pin], *, here: str) -> Iterator[Pin]:
    """The pins of `platforms` besides this machine's, asking an index or the catalog for those that are not locked yet.

    Raises LibTorchError for a platform that has none, or with --locked for one that is not in tsgen.lock.
    """
    pins = tuple(pins)
    for platform in (name for name in config.platforms if name != here):
        request = _further_request(config, platform, exported_by)
        pin = _pin_for(pins, platform, config)
        if pin and (config.locked or _still_wanted(pin, request)):
            yield pin
        elif config.locked:
            raise LibTorchError(
                f"tsgen.lock names no LibTorch for {platform} {config.build_type}",
                hint="`tsgen build` without --locked writes it",
            )
        elif config.offline:
            note(f"the LibTorch for {platform} is not pinned: --offline asks no index")
        else:
            yield _pinned(request)


def accelerator_for(config: Config, platform: str) -> str:
    """What the project wants on a platform; `cuda` is any CUDA, and the CPU where PyTorch publishes none."""
    accelerator = config.accelerator or config.device
    return "cpu" if platform in _WITHOUT_CUDA and accelerator_kind(accelerator) == CUDA else accelerator


def _request(config: Config, home: Path, platform: str, torch: Path | None, exported_by: str | None) -> LibTorchRequest:
    folder = is_folder(config.libtorch)
    version = config.torch_version or (None if folder or not exported_by else Version(exported_by).public)
    return LibTorchRequest(
        # A folder in tsgen.toml is named from the project; one from the command line is absolute already.
        libtorch=os.path.normpath(home / config.libtorch) if folder else config.libtorch,
        platform=platform,
        build_type=config.build_type,
        torch=torch,
        version=version,
        accelerator=config.accelerator or (CUDA if config.device == CUDA else None),
        offline=config.offline,
    )


def _further_request(config: Config, platform: str, exported_by: str | None) -> LibTorchRequest:
    version = config.torch_version or (Version(exported_by).public if exported_by else None)
    return LibTorchRequest(
        libtorch=config.libtorch if config.libtorch in {"wheel", "archive"} else "auto",
        platform=platform,
        build_type=config.build_type,
        torch=None,
        version=version,
        accelerator=accelerator_for(config, platform),
    )


def _pin_for(pins: Iterable[Pin], platform: str, config: Config) -> Pin | None:
    return next((pin for pin in pins if (pin.platform, pin.build_type) == (platform, config.build_type)), None)


def _still_wanted(pin: Pin, request: LibTorchRequest) -> bool:
    """Whether the lock is of what is wanted now; a named provider, version or accelerator may have changed."""
    return (
        request.libtorch in {"auto", pin.origin}
        and (request.version is None or Version(pin.version).public == request.version)
        and (request.accelerator is None or answers(pin.accelerator, request.accelerator))
    )


def _refuse_other_request(pin: Pin, config: Config, request: LibTorchRequest) -> None:
    """Raises LibTorchError when the command line or tsgen.toml asks for another LibTorch than the lock names."""
    named = replace(request, version=config.torch_version or None)
    word = "auto" if is_folder(request.libtorch) and pin.origin == "path" else request.libtorch
    if not _still_wanted(pin, replace(named, libtorch=word)):
        asked = " ".join(filter(None, (word if word != "auto" else "", named.version, named.accelerator)))
        raise LibTorchError(
            f"tsgen.lock names LibTorch {pin.version} {pin.accelerator} ({pin.origin}) for {pin.platform}, but "
            f"{asked} is asked for, and --locked takes no other",
            hint="ask for no other, or build without --locked and commit tsgen.lock",
        )


def _pinned(request: LibTorchRequest) -> Pin:
    from tsgen.libtorch import published  # noqa: PLC0415 - HTTP and pip, which most builds do not need

    progress(f"pin LibTorch for {request.platform}")
    return published.pin(request)
