from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tsgen import libtorch
from tsgen.cli import options, output
from tsgen.cli.libtorch import request_options
from tsgen.console import Steps, line
from tsgen.errors import ConfigError
from tsgen.libtorch import published
from tsgen.project import lock

if TYPE_CHECKING:
    from tsgen.types import BuildType, LibTorchRequest, Pin


@click.command("fetch")
@click.argument("folder", metavar="[DIR]", type=click.Path(path_type=Path), default=".")
@request_options.named
@click.option("--locked", is_flag=True, help="What the tsgen.lock in DIR names for the platform and build type.")
@click.option("--offline", is_flag=True, envvar="TSGEN_OFFLINE", show_envvar=True, help="Only look into the store.")
@options.output_options
def command(*, folder: Path, locked: bool, offline: bool, as_json: bool, verbose: bool, **named: Any) -> None:
    """Bring a LibTorch into the store, check what arrived, and print its folder.

    Example: tsgen libtorch fetch --platform macos-arm64 --torch-version 2.14.1
    """
    output.open_console(as_json=as_json, verbose=verbose)
    if locked:
        _refuse_other_words(named)
    request = request_options.request_of(**named, offline=offline)
    if locked:
        request = _locked(folder, request)
    steps = Steps()
    with steps("Fetch") as step:
        fetched = published.fetch(request)
        step.done(f"LibTorch {fetched.version} {fetched.accelerator}", fetched.platform, fetched.origin)
    if as_json:
        output.document(fetched, whole=True)
    else:
        line(f"  {fetched.root}")


def _locked(folder: Path, request: LibTorchRequest) -> LibTorchRequest:
    """Raises ConfigError when the lock has no such row, or one that names no files."""
    pin = _pin(folder, request.platform, request.build_type)
    if not pin.sources:
        raise ConfigError(
            f"{folder / lock.FILE_NAME} pins no files for {request.platform}: its LibTorch was {pin.origin}",
            hint=f"fetch it by name: --torch-version {pin.version.partition('+')[0]} --accelerator {pin.accelerator}",
        )
    return libtorch.of_pin(pin, request)


def _refuse_other_words(named: dict[str, Any]) -> None:
    """Raises ConfigError: with --locked the lock alone says which."""
    defaults = {"torch_version": None, "accelerator": None, "abi": None, "word": "auto"}
    if other := [name for name, default in defaults.items() if named[name] != default]:
        option = {"word": "libtorch", "torch_version": "torch-version"}.get(other[0], other[0])
        raise ConfigError(
            f"--locked takes what tsgen.lock names, and --{option} would name another",
            hint="leave one of the two out; --platform and --build-type choose a row of the lock",
        )


def _pin(folder: Path, platform: str, build_type: BuildType) -> Pin:
    if not (folder / lock.FILE_NAME).is_file():
        raise ConfigError(
            f"there is no {folder / lock.FILE_NAME}", hint="name the project's folder, or `tsgen build` it"
        )
    pins = lock.pins(folder)
    for pin in pins:
        if (pin.platform, pin.build_type) == (platform, build_type):
            return pin
    known = ", ".join(f"{pin.platform} {pin.build_type}" for pin in pins) or "nothing"
    raise ConfigError(
        f"{folder / lock.FILE_NAME} has no LibTorch for {platform} {build_type}; it has {known}",
        hint="name the platform in `platforms` of tsgen.toml and run `tsgen build`",
    )
