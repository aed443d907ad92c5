"""What is pinned before a download, and what a lock of wheels lets through."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal

import pytest

from tests.unit.wheel_world import (
    CUBLAS,
    CUPTI,
    LINUX,
    Maker,
    distribution,
    of,
)
from tests.unit.wheels import torch_contents, write_wheel
from tsgen.errors import LibTorchError, UnsafeError
from tsgen.libtorch.providers import wheel
from tsgen.libtorch.wheels.pip import NoSuchWheelError
from tsgen.types import Source

if TYPE_CHECKING:
    from pathlib import Path

    from tests.unit.wheel_index import Index


def test_pins_are_what_a_fetch_takes_without_a_download(
    make: Maker, cuda_wheels: dict[str, Path], index: Index
) -> None:
    del cuda_wheels
    pins = wheel.pins(distribution(), "cpu")
    assert index.downloaded == []
    assert make(distribution()) == pins


def test_pins_of_cuda_are_all_that_it_names(cuda_wheels: dict[str, Path], index: Index) -> None:
    pins = wheel.pins(distribution(accelerator="cu130", index=None), "cu130")
    assert {pin.file for pin in pins} == {path.name for path in cuda_wheels.values()}
    assert index.downloaded == []


def test_a_wheel_that_does_not_name_cupti_carries_its_own(index: Index, scratch: Path, make: Maker) -> None:
    """1.13: libcudart is in the wheel, libcupti is linked statically."""
    libraries = {"libtorch_cpu.so": ("libcudart-e409450e.so.11.0",), "libcudart-e409450e.so.11.0": ()}
    requires = ['nvidia-cuda-runtime-cu11 (==11.7.99) ; platform_system == "Linux"']
    pip_folder = index.folder / "pip"
    write_wheel(pip_folder, "nvidia_cuda_runtime_cu11-11.7.99-py3-none-manylinux1_x86_64.whl")
    made = write_wheel(
        pip_folder, f"torch-2.14.1-cp311-cp311-{LINUX}.whl", torch_contents(libraries, scratch), requires=requires
    )
    assert make(distribution()) == wheel.pins(distribution(), "cpu") == (of(made, "torch==2.14.1"),)


def test_pins_need_an_index_that_tells_hashes(cuda_wheels: dict[str, Path], index: Index) -> None:
    index.tells_hashes = False
    with pytest.raises(LibTorchError, match=cuda_wheels["torch"].name):
        wheel.pins(distribution(), "cpu")


def test_what_the_index_does_not_tell_is_hashed_here(make: Maker, cuda_wheels: dict[str, Path], index: Index) -> None:
    index.tells_hashes = False
    assert make(distribution())[0] == of(cuda_wheels["torch"], "torch==2.14.1")


def test_locked_wheels_are_taken_without_a_question(make: Maker, cuda_wheels: dict[str, Path], index: Index) -> None:
    locked = wheel.pins(distribution(), "cpu")
    index.asked.clear()
    assert make(distribution(), locked=locked) == locked
    assert index.asked == []
    assert set(index.downloaded) == {source.file for source in locked}
    assert len(cuda_wheels) > len(locked)


def test_a_locked_wheel_that_turns_out_to_be_needless_is_not_fetched(
    make: Maker, cuda_wheels: dict[str, Path], index: Index
) -> None:
    locked = wheel.pins(distribution(), "cpu")
    more = (*locked, of(cuda_wheels[CUBLAS], "nvidia-cublas==13.1.1.3"))
    assert make(distribution(), locked=more) == locked
    assert CUBLAS not in index.downloaded


def test_locked_cuda_wheels_are_taken_as_they_are(make: Maker, cuda_wheels: dict[str, Path]) -> None:
    del cuda_wheels
    wanted = distribution(accelerator="cu130", index=None)
    locked = wheel.pins(wanted, "cu130")
    assert make(wanted, locked=locked) == locked
    assert "nvidia/cudnn/lib/libcudnn.so.9" in make.files


@pytest.mark.parametrize("number", [0, 1])
def test_another_file_under_a_locked_name_is_refused(
    number: Literal[0, 1], make: Maker, cuda_wheels: dict[str, Path]
) -> None:
    del cuda_wheels
    locked = list(wheel.pins(distribution(), "cpu"))
    locked[number] = replace(locked[number], sha256="0" * 64)
    with pytest.raises(UnsafeError):
        make(distribution(), locked=tuple(locked))


def test_a_locked_wheel_of_pytorchs_own_index_is_found_there(make: Maker, cpu_wheel: Path) -> None:
    locked = (of(cpu_wheel, "torch==2.14.1+cpu"),)
    assert make(distribution(), locked=locked) == locked


def test_a_locked_wheel_that_is_nowhere_says_so(make: Maker, index: Index, cpu_wheel: Path) -> None:
    locked = (of(cpu_wheel, "torch==2.14.1"),)
    cpu_wheel.unlink()
    del index
    with pytest.raises(NoSuchWheelError):
        make(distribution(), locked=locked)


@pytest.mark.parametrize("requirement", ["torch==2.13.0", "torchvision==2.14.1", ""])
def test_a_lock_of_something_else_is_refused(requirement: str, make: Maker, index: Index) -> None:
    del index
    locked = (
        Source(file="torch-2.13.0-cp311-cp311-manylinux_2_28_x86_64.whl", sha256="0" * 64, requirement=requirement),
    )
    with pytest.raises(UnsafeError, match=r"torch 2\.14\.1"):
        make(distribution(), locked=locked)


def test_a_lock_without_a_wheel_that_is_needed_is_refused(make: Maker, cuda_wheels: dict[str, Path]) -> None:
    locked = (of(cuda_wheels["torch"], "torch==2.14.1"), of(cuda_wheels[CUPTI], "nvidia-cuda-cupti==13.0.85"))
    with pytest.raises(LibTorchError, match=r"need libcudart\.so\.13"):
        make(distribution(), locked=locked)
