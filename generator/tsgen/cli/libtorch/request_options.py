"""The options that name a LibTorch, the same for every `tsgen libtorch` command."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, get_args

import click

from tsgen import config, libtorch
from tsgen.types import BuildType, LibTorchRequest

if TYPE_CHECKING:
    from collections.abc import Callable

ABIS = {"cxx11": True, "pre-cxx11": False}


def named(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options; `request_of` takes their values."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def request_of(
    *,
    platform: str | None,
    torch_version: str | None,
    accelerator: str | None,
    build_type: BuildType,
    abi: str | None,
    word: str,
    offline: bool = False,
) -> LibTorchRequest:
    """What was asked for; left out: this platform, the newest version, the CPU."""
    return LibTorchRequest(
        libtorch=word,
        platform=platform or libtorch.host_platform(),
        build_type=build_type,
        torch=None,
        version=config.values.torch_version(torch_version, "--torch-version")
        if torch_version
        else libtorch.catalog.newest(),
        accelerator=accelerator or "cpu",
        cxx11_abi=ABIS[abi] if abi else None,
        offline=offline,
    )


_OPTIONS = (
    click.option("--platform", metavar="P", help="linux-x86_64, windows-x86_64, macos-arm64 ...  [default: this one]"),
    click.option(
        "--torch-version",
        metavar="V",
        envvar="TSGEN_TORCH_VERSION",
        show_envvar=True,
        help="Such as 2.14.1.  [default: the newest]",
    ),
    click.option(
        "--accelerator",
        metavar="cpu|cuda|cuXXX|rocmX.Y",
        envvar="TSGEN_ACCELERATOR",
        show_envvar=True,
        help="`cuda`: the CUDA of the wheel.  [default: cpu]",
    ),
    click.option("--cuda", "accelerator", flag_value="cuda", help="The same as --accelerator cuda."),
    click.option(
        "--build-type",
        type=click.Choice(get_args(BuildType)),
        default="release",
        envvar="TSGEN_BUILD_TYPE",
        show_envvar=True,
        help="Differs on Windows only.  [default: release]",
    ),
    click.option(
        "--abi", type=click.Choice(list(ABIS)), help="The C++11 ABI, where both exist.  [default: the wheel's]"
    ),
    click.option(
        "--libtorch",
        "word",
        type=click.Choice(["auto", "wheel", "archive"]),
        default="auto",
        help="Where it comes from.  [default: auto, the wheel first]",
    ),
)
