"""Wheels: small ones that are shaped as those of torch and of NVIDIA."""

from __future__ import annotations

import hashlib
import zipfile
from typing import TYPE_CHECKING

from tests.unit.binaries import write_elf

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

HEADERS = {
    "torch/include/torch/script.h": b"#pragma once\n",
    "torch/share/cmake/Torch/TorchConfig.cmake": b"# config\n",
}
PYTHON = {
    "torch/__init__.py": b"raise SystemExit('this must never run')\n",
    "torch/utils/data/__init__.py": b"",
    "torch/include/torch/stray.py": b"",
    "torch/version.py": b"__version__ = '2.14.1'\n",
    "torch/bin/protoc": b"\x7fELF",
    "torch/bin/test_jit": b"\x7fELF",
    "torch/test/test_api": b"\x7fELF",
    "torchgen/model.py": b"",
}
CUDA_LIBRARIES: Mapping[str, Sequence[str]] = {
    "libc10.so": (),
    "libgomp.so.1": (),
    "libtorch_cpu.so": ("libc10.so", "libgomp.so.1", "libcupti.so.13", "libcudart.so.13", "libstdc++.so.6"),
    "libtorch_cuda.so": ("libtorch_cpu.so", "libcublas.so.13", "libcuda.so.1"),
    "libc10_cuda.so": ("libcudart.so.13",),
    "libtorch.so": ("libtorch_cpu.so", "libtorch_cuda.so"),
    "libneeds_torch.so": ("libtorch.so",),
    "libtorch_python.so": ("libtorch.so",),
    "libtorch_global_deps.so": ("libcudart.so.13",),
    "libshm.so": ("libtorch_cpu.so",),
    "libtorchbind_test.so": ("libtorch_cpu.so",),
}
CPU_LIBRARIES: Mapping[str, Sequence[str]] = {
    "libc10.so": (),
    "libtorch_cpu.so": ("libc10.so",),
    "libtorch.so": ("libtorch_cpu.so",),
    "libtorch_python.so": ("libtorch.so",),
}


def write_wheel(
    folder: Path, file: str, contents: Mapping[str, bytes] | None = None, *, requires: Iterable[str] = ()
) -> Path:
    """`file` says what it is: `torch-2.14.1-cp312-cp312-manylinux_2_28_x86_64.whl`."""
    folder.mkdir(parents=True, exist_ok=True)
    name, version = file.split("-")[:2]
    lines = ["Metadata-Version: 2.1", f"Name: {name.replace('_', '-')}", f"Version: {version}"]
    lines += [f"Requires-Dist: {requirement}" for requirement in requires]
    about = f"{name}-{version}.dist-info"
    members = {
        **(contents or {}),
        f"{about}/METADATA": "\n".join([*lines, ""]).encode(),
        f"{about}/WHEEL": b"Wheel-Version: 1.0\nRoot-Is-Purelib: false\n",
        f"{about}/RECORD": b"",
    }
    path = folder / file
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as opened:
        for member, content in members.items():
            opened.writestr(member, content)
    return path


def elf(needed: Iterable[str], scratch: Path) -> bytes:
    return write_elf(scratch, needed=needed).read_bytes()


def torch_contents(libraries: Mapping[str, Sequence[str]], scratch: Path) -> dict[str, bytes]:
    """With the Python files and programs that the real ones have."""
    files = {f"torch/lib/{name}": elf(needed, scratch) for name, needed in libraries.items()}
    return {**HEADERS, **PYTHON, **files}


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
