"""Trees made of small wheels that are shaped as the real ones, from an index in a folder."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.unit.wheel_world import (
    CUPTI,
    LINUX,
    NVIDIA,
    OWN,
    RUNTIME,
    Maker,
    distribution,
    of,
)
from tests.unit.wheels import CPU_LIBRARIES, elf, torch_contents, write_wheel
from tsgen.errors import LibTorchError, UnsafeError
from tsgen.libtorch.providers import wheel
from tsgen.libtorch.wheels.pip import NoSuchWheelError, PipError, UnreachableError

if TYPE_CHECKING:
    from pathlib import Path

    from tests.unit.conftest import Recorder
    from tests.unit.wheel_index import Index


def test_the_cpu_libraries_are_cut_from_a_wheel_for_cuda(make: Maker, cuda_wheels: dict[str, Path]) -> None:
    sources = make(distribution())
    assert make.libraries == {
        "torch/lib/libc10.so",
        "torch/lib/libgomp.so.1",
        "torch/lib/libtorch_cpu.so",
        "nvidia/cu13/lib/libcudart.so.13",
        "nvidia/cu13/lib/libcupti.so.13",
    }
    assert sources == (
        of(cuda_wheels["torch"], "torch==2.14.1"),
        of(cuda_wheels[RUNTIME], "nvidia-cuda-runtime==13.0.96"),
        of(cuda_wheels[CUPTI], "nvidia-cuda-cupti==13.0.85"),
    )


def test_only_what_cpp_needs_is_taken(make: Maker, cuda_wheels: dict[str, Path]) -> None:
    del cuda_wheels
    make(distribution())
    assert make.files - make.libraries == {
        "torch/include/torch/script.h",
        "torch/share/cmake/Torch/TorchConfig.cmake",
        "torch/version.py",
    }


def test_nothing_is_left_of_the_downloads(make: Maker, cuda_wheels: dict[str, Path]) -> None:
    del cuda_wheels
    make(distribution())
    assert [path.name for path in make.downloads.iterdir() if not path.name.endswith(".lock")] == []


def test_cuda_takes_all_that_the_wheel_names_and_what_that_names(make: Maker, cuda_wheels: dict[str, Path]) -> None:
    sources = make(distribution(accelerator="cu130", index=None))
    assert {source.file for source in sources} == {path.name for path in cuda_wheels.values()}
    assert sources[0].requirement == "torch==2.14.1"
    assert {
        "torch/lib/libtorch.so",
        "torch/lib/libtorch_cuda.so",
        "nvidia/cu13/lib/libcublasLt.so.13",
        "nvidia/cudnn/lib/libcudnn.so.9",
        "nvidia/cu13/lib/libnvJitLink.so.13",
        "nvidia/cu13/lib/libnvperf_host.so",
    } <= make.libraries
    assert "nvidia/cu13/include/cuda_runtime.h" in make.files
    assert not {name for name in make.libraries if "python" in name or "test" in name or "libshm" in name}
    assert not {name for name in make.files if name.endswith("__init__.py")}


def test_a_wheel_for_the_cpu_on_pytorchs_own_index_comes_first(
    make: Maker, cuda_wheels: dict[str, Path], cpu_wheel: Path, index: Index
) -> None:
    del cuda_wheels
    assert make(distribution()) == (of(cpu_wheel, "torch==2.14.1+cpu"),)
    assert "torch/lib/libtorch.so" in make.libraries
    assert index.asked == [("torch==2.14.1+cpu", None), ("torch==2.14.1+cpu", OWN)]


def test_a_wheel_for_the_cpu_where_pip_looks_comes_before_it(make: Maker, cpu_wheel: Path, index: Index) -> None:
    (index.folder / "pip").mkdir()
    here = cpu_wheel.rename(index.folder / "pip" / cpu_wheel.name)
    assert make(distribution()) == (of(here, "torch==2.14.1+cpu"),)
    assert index.asked == [("torch==2.14.1+cpu", None)]


def test_where_pytorchs_index_does_not_answer_the_user_learns_why_it_is_the_larger_one(
    make: Maker, cuda_wheels: dict[str, Path], index: Index, recorder: Recorder
) -> None:
    index.down[OWN] = UnreachableError("pip cannot ask: no route")
    sources = make(distribution())
    assert sources[0].file == cuda_wheels["torch"].name
    (note,) = recorder.all("note")
    assert "built for CUDA" in note
    assert "no route" in note


def test_without_a_network_nothing_else_is_tried(make: Maker, index: Index) -> None:
    index.down[None] = UnreachableError("pip cannot ask: no network")
    with pytest.raises(UnreachableError, match="no network"):
        make(distribution())
    assert len(index.asked) == 1


def test_a_constraint_ends_the_search(make: Maker, index: Index) -> None:
    index.down[None] = PipError("pip's own configuration forbids it")
    with pytest.raises(PipError, match="forbids"):
        make(distribution())
    assert len(index.asked) == 1


def test_an_accelerator_that_only_the_own_index_has_says_that_it_is_unreachable(make: Maker, index: Index) -> None:
    own = "https://download.pytorch.org/whl/cu126"
    index.down[own] = UnreachableError("pip cannot ask: no route")
    with pytest.raises(UnreachableError, match="no route"):
        make(distribution(accelerator="cu126", index=own))
    assert index.asked == [("torch==2.14.1+cu126", None), ("torch==2.14.1+cu126", own)]


def test_a_version_that_no_index_has_is_said_in_the_first_words(make: Maker, index: Index) -> None:
    del index
    with pytest.raises(NoSuchWheelError, match=r"torch===2\.14\.1"):
        make(distribution("macos-arm64", tag="macosx_14_0_arm64", index=None))


def test_a_local_version_is_not_taken_for_the_plain_one(
    make: Maker, cuda_wheels: dict[str, Path], cpu_wheel: Path
) -> None:
    """A mirror may have both; `==2.14.1` would take `2.14.1+cpu`, which sorts after it."""
    cpu_wheel.rename(cuda_wheels["torch"].with_name(cpu_wheel.name))
    assert make(distribution(accelerator="cu130", index=None))[0].file == cuda_wheels["torch"].name


def test_the_wheel_for_another_python_is_as_good(make: Maker, cuda_wheels: dict[str, Path]) -> None:
    sources = make(distribution(accelerator="cu130", index=None, pythons=("cp399", "cp398")))
    assert sources[0].file == cuda_wheels["torch"].name


@pytest.mark.parametrize(("platform", "tag"), [("windows-x86_64", "win_amd64"), ("macos-arm64", "macosx_14_0_arm64")])
def test_the_markers_are_those_of_the_other_machine(
    platform: str, tag: str, make: Maker, index: Index, scratch: Path
) -> None:
    contents = torch_contents(CPU_LIBRARIES, scratch)
    made = write_wheel(index.folder / "pip", f"torch-2.14.1-cp311-cp311-{tag}.whl", contents, requires=NVIDIA)
    wanted = distribution(platform, tag=tag, index=None)
    assert make(wanted) == wheel.pins(wanted, "cpu") == (of(made, "torch==2.14.1"),)


def test_on_windows_import_libraries_are_taken_and_static_ones_not(make: Maker, index: Index) -> None:
    names = (
        "c10.dll",
        "c10.lib",
        "uv.dll",
        "libiomp5md.dll",
        "dnnl.lib",
        "torch_python.dll",
        "torch_python.lib",
        "shm.dll",
    )
    contents = {f"torch/lib/{name}": b"MZ" for name in names} | {
        "torch/bin/extra.dll": b"MZ",
        "torch/bin/uv.dll": b"MZ",
    }
    write_wheel(index.folder / "pip", "torch-2.14.1-cp311-cp311-win_amd64.whl", contents)
    make(distribution("windows-x86_64", tag="win_amd64", index=None))
    assert make.files == {
        "torch/bin/extra.dll",
        "torch/lib/c10.dll",
        "torch/lib/c10.lib",
        "torch/lib/libiomp5md.dll",
        "torch/lib/uv.dll",
    }


def test_libraries_of_others_beside_torch_are_taken(make: Maker, index: Index, scratch: Path) -> None:
    """So are the wheels for aarch64 up to 2.10."""
    tag = "manylinux2014_aarch64"
    contents = {
        "torch/lib/libtorch_cpu.so": elf(["libopenblas-1.so"], scratch),
        "torch.libs/libopenblas-1.so": elf([], scratch),
    }
    write_wheel(index.folder / "pip", f"torch-2.14.1-cp311-cp311-{tag}.whl", contents)
    make(distribution("linux-aarch64", tag=tag, index=None))
    assert make.files == set(contents)


def test_a_distribution_without_a_wheel_is_refused(make: Maker, index: Index) -> None:
    with pytest.raises(LibTorchError, match="no wheel of torch holds LibTorch"):
        make(replace(distribution(), wheel=None))
    assert index.asked == []


def test_a_zip_slip_in_a_wheel_is_refused(make: Maker, index: Index) -> None:
    write_wheel(index.folder / "pip", f"torch-2.14.1-cp311-cp311-{LINUX}.whl", {"torch/lib/../../../evil.so": b""})
    with pytest.raises(UnsafeError):
        make(distribution(index=None))
    assert make.files == set()
