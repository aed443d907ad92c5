"""Which LibTorch a project wants: from tsgen.toml, the command line, the model's torch, and tsgen.lock."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tsgen.errors import LibTorchError
from tsgen.libtorch import further, host_platform, published, wanted
from tsgen.toolchain.interpreter import Interpreter
from tsgen.types import LibTorchRequest, Pin, Source

from .make import config, libtorch

if TYPE_CHECKING:
    from collections.abc import Iterable

HERE = host_platform()
TORCH = Interpreter(
    executable=Path("python3"), version="3.12.1", torch=Path("/env/torch"), torch_version="2.14.1+cu130"
)
WHEEL = (Source(file="torch.whl", sha256="1" * 64, requirement="torch==2.14.1"),)


def pin(**changes: Any) -> Pin:
    made = libtorch(platform=HERE, version="2.14.1+cu130", accelerator="cu130", origin="wheel", sources=WHEEL)
    return replace(made.pin, **changes)


def ask(*pins: Pin, exported_by: str | None = "2.14.1+cu130", **changes: Any) -> LibTorchRequest:
    return wanted(config(**changes), Path("/project"), TORCH, exported_by, pins)


def test_without_a_wish_it_is_the_version_that_exports() -> None:
    request = ask()
    assert (request.libtorch, request.version, request.accelerator) == ("auto", "2.14.1", None)
    assert (request.platform, request.torch, request.locked) == (HERE, Path("/env/torch"), ())


def test_a_version_that_is_named_comes_first() -> None:
    assert ask(torch_version="2.9.1").version == "2.9.1"


def test_a_folder_may_have_any_version_and_starts_at_the_project() -> None:
    request = ask(libtorch="../libtorch")
    assert (request.libtorch, request.version) == ("/libtorch", None)


def test_the_device_wants_an_accelerator_unless_one_is_named() -> None:
    assert ask(device="cuda").accelerator == "cuda"
    assert ask(device="cuda", accelerator="cu126").accelerator == "cu126"
    assert ask(accelerator="cpu").accelerator == "cpu"


def test_what_is_locked_is_taken_as_long_as_it_is_wanted() -> None:
    request = ask(pin(), libtorch="wheel")
    assert (request.libtorch, request.locked, request.accelerator) == ("wheel", WHEEL, "cu130")


@pytest.mark.parametrize(
    "requirement",
    [{"torch_version": "2.9.1"}, {"accelerator": "cpu"}, {"libtorch": "archive"}, {"build_type": "debug"}],
    ids=str,
)
def test_another_wish_leaves_the_lock_behind(requirement: dict[str, Any]) -> None:
    assert ask(pin(), **{"libtorch": "wheel", **requirement}).locked == ()


def test_locked_takes_exactly_what_the_lock_names() -> None:
    old = pin(version="2.9.1+cpu", accelerator="cpu", cxx11_abi=False, origin="archive")
    request = ask(old, locked=True)
    assert (request.libtorch, request.version, request.accelerator) == ("archive", "2.9.1", "cpu")
    assert request.cxx11_abi is False


@pytest.mark.parametrize(
    "requirement",
    [
        {"torch_version": "2.9.1"},
        {"accelerator": "cpu"},
        {"libtorch": "archive"},
        {"libtorch": "./x"},
        {"accelerator": "cu126"},
    ],
    ids=str,
)
def test_locked_refuses_another_wish(requirement: dict[str, Any]) -> None:
    with pytest.raises(LibTorchError, match="is asked for, and --locked takes no other"):
        ask(pin(), locked=True, **requirement)


def test_locked_refuses_a_gpu_where_the_cpu_is_locked() -> None:
    with pytest.raises(LibTorchError, match="cuda is asked for"):
        ask(pin(version="2.14.1+cpu", accelerator="cpu"), locked=True, device="cuda")


def test_locked_without_a_row_is_refused() -> None:
    with pytest.raises(LibTorchError, match="names no LibTorch for") as caught:
        ask(pin(platform="macos-arm64"), locked=True)
    assert "without --locked" in caught.value.hint


def test_a_folder_of_another_machine_is_not_looked_for() -> None:
    assert ask(pin(origin="path", sources=()), locked=True).libtorch == "auto"


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[LibTorchRequest]:
    """What would be asked of an index."""
    requests: list[LibTorchRequest] = []

    def answer(request: LibTorchRequest) -> Pin:
        requests.append(request)
        return pin(platform=request.platform, version=str(request.version), accelerator=str(request.accelerator))

    monkeypatch.setattr(published, "pin", answer)
    return requests


def more(*pins: Pin, **changes: Any) -> Iterable[Pin]:
    return list(further(config(**changes), "2.14.1+cu130", pins, here=HERE))


def test_each_further_platform_is_pinned_once(asked: list[LibTorchRequest]) -> None:
    platforms = ("macos-arm64", "windows-x86_64", HERE)
    found = list(more(platforms=platforms))
    assert [each.platform for each in found] == ["macos-arm64", "windows-x86_64"]
    assert [request.version for request in asked] == ["2.14.1", "2.14.1"]
    assert list(more(*found, platforms=platforms)) == found
    assert len(asked) == 2


def test_cuda_is_asked_only_where_there_is_cuda(asked: list[LibTorchRequest]) -> None:
    more(platforms=("macos-arm64", "windows-x86_64"), device="cuda")
    assert [request.accelerator for request in asked] == ["cpu", "cuda"]


def test_locked_asks_nobody(asked: list[LibTorchRequest]) -> None:
    known = pin(platform="macos-arm64", version="2.1.0", accelerator="cpu")
    assert list(more(known, platforms=("macos-arm64",), locked=True)) == [known]
    with pytest.raises(LibTorchError, match="windows-x86_64"):
        more(known, platforms=("windows-x86_64",), locked=True)
    assert asked == []


def test_offline_asks_nobody(asked: list[LibTorchRequest]) -> None:
    assert list(more(platforms=("windows-x86_64",), offline=True)) == []
    assert asked == []
