"""Trees made of small wheels that are shaped as the real ones, from an index in a folder."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal

import pytest

from tests.unit.conftest import Recorder
from tests.unit.wheel_index import Index
from tests.unit.wheels import CPU_LIBRARIES, CUDA_LIBRARIES, elf, sha256, torch_contents, write_wheel
from tsgen import console
from tsgen.errors import LibTorchError, UnsafeError
from tsgen.libtorch import pip
from tsgen.libtorch.pip import NoSuchWheelError, PipError, UnreachableError
from tsgen.libtorch.providers import wheel
from tsgen.types import Distribution, Floors, Source, WheelFile

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

OWN = "https://download.pytorch.org/whl/cpu"
LINUX = "manylinux_2_28_x86_64"
NVIDIA = (
    'cuda-toolkit[cublas,cudart,cupti]==13.0.3; platform_system == "Linux"',
    'nvidia-cudnn-cu13==9.24.0.43; platform_system == "Linux"',
    'triton~=3.8.0; platform_system == "Linux"',
    "filelock",
)
TOOLKIT = (
    "nvidia-cublas==13.1.1.3.*; sys_platform == 'linux' and platform_machine == 'x86_64' and extra == 'cublas'",
    "nvidia-cuda-runtime==13.0.96.*; sys_platform == 'linux' and platform_machine == 'x86_64' and extra == 'cudart'",
    "nvidia-cuda-cupti==13.0.85.*; sys_platform == 'linux' and platform_machine == 'x86_64' and extra == 'cupti'",
    "nvidia-npp==13.0.1.2.*; sys_platform == 'linux' and extra == 'npp'",
)
RUNTIME = "nvidia_cuda_runtime-13.0.96-py3-none-manylinux2014_x86_64.manylinux_2_17_x86_64.whl"
CUPTI = "nvidia_cuda_cupti-13.0.85-py3-none-manylinux_2_25_x86_64.whl"
CUBLAS = "nvidia_cublas-13.1.1.3-py3-none-manylinux_2_27_x86_64.whl"
CUDNN = "nvidia_cudnn_cu13-9.24.0.43-py3-none-manylinux_2_27_x86_64.whl"
NVJITLINK = "nvidia_nvjitlink-13.2.51-py3-none-manylinux2010_x86_64.manylinux_2_12_x86_64.whl"


def distribution(
    platform: str = "linux-x86_64",
    accelerator: str = "cpu",
    *,
    tag: str = LINUX,
    pythons: tuple[str, ...] = ("cp311",),
    index: str | None = OWN,
) -> Distribution:
    return Distribution(
        version="2.14.1",
        platform=platform,
        accelerator=accelerator,
        build_type="release",
        cxx11_abi=True,
        cxx_standard=20,
        floors=Floors(glibc=None, cmake="3.18", cuda_toolkit=None, macos=None),
        archive=None,
        wheel=WheelFile(
            requirement=f"torch==2.14.1+{accelerator}" if index else "torch==2.14.1",
            platform_tag=tag,
            python_tags=pythons,
            accelerator=accelerator,
            index=index,
        ),
        origin="wheel",
        source="a test",
    )


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Index:
    made = Index(tmp_path / "index")
    monkeypatch.setattr(pip, "report", made.report)
    monkeypatch.setattr(pip, "download", made.download)
    return made


@pytest.fixture
def said() -> Iterator[Recorder]:
    recorder = Recorder()
    token = console.current.set(recorder)
    yield recorder
    console.current.reset(token)


class Maker:
    """Calls the provider; `tree` is what it filled."""

    def __init__(self, folder: Path) -> None:
        self.tree = folder / "tree"
        self.tree.mkdir()
        self.downloads = folder / "downloads"

    def __call__(
        self, wanted: Distribution, accelerator: str | None = None, locked: tuple[Source, ...] = ()
    ) -> tuple[Source, ...]:
        return wheel.make_tree(
            wanted,
            self.tree,
            downloads=self.downloads,
            accelerator=accelerator or wanted.accelerator,
            locked=locked,
        )

    @property
    def files(self) -> set[str]:
        return {path.relative_to(self.tree).as_posix() for path in self.tree.rglob("*") if path.is_file()}

    @property
    def libraries(self) -> set[str]:
        return {name for name in self.files if "/lib/" in name}


@pytest.fixture
def make(tmp_path: Path) -> Maker:
    return Maker(tmp_path)


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    return tmp_path / "scratch"


@pytest.fixture
def cuda_wheels(index: Index, scratch: Path) -> dict[str, Path]:
    """A wheel for CUDA with all that it names, on the index that pip knows."""
    libraries: dict[str, Mapping[str, tuple[str, ...]]] = {
        RUNTIME: {"nvidia/cu13/lib/libcudart.so.13": ("libc.so.6",)},
        CUPTI: {"nvidia/cu13/lib/libcupti.so.13": ("libc.so.6",), "nvidia/cu13/lib/libnvperf_host.so": ()},
        CUBLAS: {"nvidia/cu13/lib/libcublas.so.13": ("libcublasLt.so.13",), "nvidia/cu13/lib/libcublasLt.so.13": ()},
        CUDNN: {"nvidia/cudnn/lib/libcudnn.so.9": ()},
        NVJITLINK: {"nvidia/cu13/lib/libnvJitLink.so.13": ()},
    }
    requires = {CUBLAS: ["nvidia-nvjitlink<14,>=13", "nvidia-cuda-runtime"]}
    extra = {
        "nvidia/__init__.py": b"",
        "nvidia/cu13/lib/__init__.py": b"",
        "nvidia/cu13/include/cuda_runtime.h": b"// header\n",
    }
    pip_folder = index.folder / "pip"
    made = {
        file: write_wheel(
            pip_folder,
            file,
            {**{name: elf(needed, scratch) for name, needed in each.items()}, **extra},
            requires=requires.get(file, []),
        )
        for file, each in libraries.items()
    }
    write_wheel(pip_folder, "cuda_toolkit-13.0.3-py3-none-any.whl", requires=TOOLKIT)
    write_wheel(pip_folder, "cuda_toolkit-13.0.3-py2.py3-none-manylinux_2_17_x86_64.whl", requires=TOOLKIT)
    made["torch"] = write_wheel(
        pip_folder, f"torch-2.14.1-cp311-cp311-{LINUX}.whl", torch_contents(CUDA_LIBRARIES, scratch), requires=NVIDIA
    )
    return made


@pytest.fixture
def cpu_wheel(index: Index, scratch: Path) -> Path:
    """On PyTorch's own index."""
    contents = torch_contents(CPU_LIBRARIES, scratch)
    return write_wheel(index.folder / "cpu", f"torch-2.14.1+cpu-cp311-cp311-{LINUX}.whl", contents)


def of(file: Path, requirement: str) -> Source:
    return Source(file=file.name, sha256=sha256(file), requirement=requirement)


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
    make: Maker, cuda_wheels: dict[str, Path], index: Index, said: Recorder
) -> None:
    index.down[OWN] = UnreachableError("pip cannot ask: no route")
    sources = make(distribution())
    assert sources[0].file == cuda_wheels["torch"].name
    (note,) = said.all("note")
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


def test_a_distribution_without_a_wheel_is_refused(make: Maker, index: Index) -> None:
    with pytest.raises(LibTorchError, match="no wheel of torch holds LibTorch"):
        make(replace(distribution(), wheel=None))
    assert index.asked == []


def test_a_zip_slip_in_a_wheel_is_refused(make: Maker, index: Index) -> None:
    write_wheel(index.folder / "pip", f"torch-2.14.1-cp311-cp311-{LINUX}.whl", {"torch/lib/../../../evil.so": b""})
    with pytest.raises(UnsafeError):
        make(distribution(index=None))
    assert make.files == set()
