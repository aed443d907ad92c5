from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from tsgen import console
from tsgen.cli import output
from tsgen.cli.libtorch import request_options
from tsgen.libtorch import published
from tsgen.types import system_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tsgen.types import Distribution


@click.command("resolve")
@request_options.named
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
def command(*, as_json: bool, **named: Any) -> None:
    """Say which LibTorch there is: file, address, sha256, ABI, floors, and the wheel that holds it.

    Asks no network: the answer comes from a catalog that ships with tsgen.

    Example: tsgen libtorch resolve --torch-version 2.13.0 --cuda
    """
    output.open_console(as_json=as_json, verbose=False)
    found = published.describe(request_options.request_of(**named))
    if as_json:
        output.document(found, whole=True)
        return
    for line in lines(found):
        console.line(line)


def lines(found: Distribution) -> Iterator[str]:
    """The answer for people."""
    yield f"LibTorch {found.version} {found.accelerator} · {found.platform} · {found.build_type}"
    yield f"  needs     {_floors(found)}"
    yield from _archive(found)
    yield from _wheel(found)
    yield f"  source    {found.source}"
    for remark in found.remarks:
        yield f"  note      {remark}"


def _floors(found: Distribution) -> str:
    floors = found.floors
    parts = [f"C++{found.cxx_standard}", f"CMake {floors.cmake}"]
    if system_of(found.platform) == "linux":
        parts += [f"{'cxx11' if found.cxx11_abi else 'pre-cxx11'} ABI", f"glibc {floors.glibc}"]
    if floors.macos:
        parts.append(f"macOS {floors.macos}")
    if floors.cuda_toolkit:
        parts.append(f"CUDA toolkit {floors.cuda_toolkit} (for .cu sources of your own alone)")
    return ", ".join(parts)


def _archive(found: Distribution) -> Iterator[str]:
    if not found.archive:
        yield "  archive   none is published"
        return
    yield f"  archive   {found.archive.file}"
    yield f"            {found.archive.url}"
    yield f"            sha256 {found.archive.sha256 or 'not published: tsgen.lock keeps that of the first fetch'}"


def _wheel(found: Distribution) -> Iterator[str]:
    if not found.wheel:
        yield "  wheel     none holds these libraries"
        return
    place = found.wheel.index or "the package index that pip is configured with"
    yield f"  wheel     {found.wheel.requirement} · {found.wheel.platform_tag} · {', '.join(found.wheel.python_tags)}"
    yield f"            from {place}"
