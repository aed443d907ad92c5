"""A LibTorch that is another than the wanted one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tsgen.errors import LibTorchError
from tsgen.libtorch import catalog, resolve
from tsgen.libtorch.look.check import check
from tsgen.libtorch.look.inspect import inspect
from tsgen.types import Source

from .binaries import write_pe
from .make import libtorch, libtorch_request, torch_folder

if TYPE_CHECKING:
    from pathlib import Path

    from tsgen.types import LibTorch

CUDA = {"version": "2.14.1+cu130", "accelerator": "cu130"}


def refused(found: LibTorch, **wanted: Any) -> LibTorchError:
    with pytest.raises(LibTorchError) as caught:
        check(found, libtorch_request(**wanted))
    assert caught.value.hint
    return caught.value


@pytest.mark.parametrize(
    ("found", "wanted"),
    [
        ({}, {}),
        ({"cxx11_abi": False}, {}),
        (CUDA, {}),
        ({}, {"version": "2.14.1", "accelerator": "cpu", "cxx11_abi": True}),
        ({"version": "2.14.1+cu130"}, {"version": "2.14.1", "accelerator": "cpu"}),
        (CUDA, {"version": "2.14.1+cpu", "accelerator": "cu130"}),
        (CUDA, {"accelerator": "cuda"}),
        ({"accelerator": "cuda"}, {"accelerator": "cuda"}),
        ({"accelerator": "rocm7.2"}, {"accelerator": "rocm"}),
        ({"cxx11_abi": False}, {"cxx11_abi": False}),
        ({"build_type": "debug"}, {"build_type": "debug"}),
    ],
)
def test_what_answers_the_request_is_taken(found: dict[str, Any], wanted: dict[str, Any]) -> None:
    check(libtorch(**found), libtorch_request(**wanted))


@pytest.mark.parametrize(
    ("found", "wanted", "words"),
    [
        ({"platform": "linux-aarch64"}, {}, "machine: expected linux-x86_64, came linux-aarch64"),
        ({"platform": "linux-x86_64-musl"}, {}, "machine: expected linux-x86_64, came linux-x86_64-musl"),
        ({}, {"version": "2.13.0"}, r"version: expected 2.13.0, came 2.14.1+cpu"),
        ({"version": "2.14.1rc1"}, {"version": "2.14.1"}, "version: expected 2.14.1, came 2.14.1rc1"),
        ({}, {"accelerator": "cuda"}, "accelerator: expected cuda, came cpu"),
        (CUDA, {"accelerator": "cu126"}, "accelerator: expected cu126, came cu130"),
        (CUDA, {"accelerator": "cpu"}, "accelerator: expected cpu, came cu130"),
        ({"accelerator": "cuda"}, {"accelerator": "cu130"}, "accelerator: expected cu130, came cuda"),
        ({"accelerator": "xpu"}, {"accelerator": "cpu"}, "accelerator: expected cpu, came xpu"),
        ({"cxx11_abi": False}, {"cxx11_abi": True}, "C++ ABI: expected cxx11, came pre-cxx11"),
        ({}, {"cxx11_abi": False}, "C++ ABI: expected pre-cxx11, came cxx11"),
        ({}, {"build_type": "debug"}, "build type: expected debug, came release"),
        ({"build_type": "debug"}, {}, "build type: expected release, came debug"),
    ],
)
def test_a_difference_is_told_with_what_was_expected_and_what_came(
    found: dict[str, Any], wanted: dict[str, Any], words: str
) -> None:
    error = refused(libtorch(**found), **wanted)
    assert error.message == f"libtorch is not the LibTorch that is wanted: {words}"
    assert "--libtorch" in error.hint


def test_every_difference_is_told_at_once() -> None:
    message = refused(libtorch(), version="2.0.0", accelerator="cu118", cxx11_abi=False).message
    assert all(what in message for what in ("version: ", "; accelerator: ", "; C++ ABI: "))


def test_a_debug_build_is_told_what_it_can_do_with_a_release_libtorch() -> None:
    assert "RelWithDebInfo" in refused(libtorch(), build_type="debug").hint


@pytest.mark.parametrize(("origin", "way"), [("archive", "--libtorch wheel"), ("wheel", "--torch-version")])
def test_what_was_fetched_goes_by_its_file_and_is_blamed_on_the_publisher(origin: str, way: str) -> None:
    source = Source(file="torch-2.14.1.whl", sha256="0" * 64)
    error = refused(libtorch(origin=origin, sources=(source,)), version="2.13.0")
    assert error.message.startswith("torch-2.14.1.whl is not the LibTorch that is wanted")
    assert "something else" in error.hint
    assert way in error.hint


def test_the_archive_for_windows_with_libraries_for_arm_is_refused(tmp_path: Path) -> None:
    """As 2.12.1 was published at first: pytorch/pytorch#187812."""
    wanted = catalog.find("2.12.1", "windows-x86_64", "cpu", "release", cxx11_abi=None)
    root = torch_folder(tmp_path / "libtorch", "2.12.1+cpu", ("torch_cpu.dll",))
    assert inspect(root, wanted, origin="archive").platform == "windows-x86_64"
    write_pe(root / "lib" / "c10.dll", "arm64")
    with pytest.raises(LibTorchError, match="machine: expected windows-x86_64, came windows-arm64"):
        inspect(root, wanted, origin="archive")


@pytest.mark.parametrize("word", ["installed", "path"])
def test_libraries_of_another_machine_are_refused_wherever_they_are(tmp_path: Path, word: str) -> None:
    """What other tools put on an aarch64 machine: LaurentMazare/tch-rs#963."""
    root = torch_folder(tmp_path / "torch", machine="x86_64")
    request = libtorch_request(word if word == "installed" else str(root), root, platform="linux-aarch64")
    with pytest.raises(LibTorchError, match="machine: expected linux-aarch64, came linux-x86_64"):
        resolve(request)
