"""A few wheels on an index in a folder, and a provider that fills a tree from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.unit.wheels import CPU_LIBRARIES, CUDA_LIBRARIES, elf, sha256, torch_contents, write_wheel
from tsgen.libtorch.providers import wheel
from tsgen.types import Distribution, Floors, Source, WheelFile

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tests.unit.wheel_index import Index

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


def write_cuda_wheels(index: Index, scratch: Path) -> dict[str, Path]:
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


def write_cpu_wheel(index: Index, scratch: Path) -> Path:
    """On PyTorch's own index."""
    contents = torch_contents(CPU_LIBRARIES, scratch)
    return write_wheel(index.folder / "cpu", f"torch-2.14.1+cpu-cp311-cp311-{LINUX}.whl", contents)


def of(file: Path, requirement: str) -> Source:
    return Source(file=file.name, sha256=sha256(file), requirement=requirement)
