"""What a LibTorch folder says of itself, without being run."""

from __future__ import annotations

import platform
from typing import TYPE_CHECKING

import pytest

from tsgen.errors import LibTorchError
from tsgen.libtorch import host_platform
from tsgen.libtorch.inspect import inspect
from tsgen.versions import declared_version

from .make import libtorch_request, torch_folder

if TYPE_CHECKING:
    from pathlib import Path

    from tsgen.types import LibTorch

CUDA = ("libtorch_cpu.so", "libtorch_cuda.so")


def seen(root: Path) -> LibTorch:
    return inspect(root, libtorch_request(), origin="path")


@pytest.mark.parametrize(
    ("version", "libraries", "accelerator"),
    [
        ("2.14.1", ("libtorch_cpu.so",), "cpu"),
        ("2.14.1+cpu", ("libtorch_cpu.so",), "cpu"),
        ("2.14.1", CUDA, "cuda"),
        ("2.14.1+cu130", CUDA, "cu130"),
        ("2.14.1+rocm6.4", CUDA, "rocm6.4"),
        ("2.14.1+git1a2b3c", ("libtorch_cpu.so",), "cpu"),
        ("2.14.1", ("libtorch_cpu.dylib",), "cpu"),
        ("2.14.1", ("torch_cpu.dll", "torch_cuda.dll"), "cuda"),
    ],
)
def test_the_accelerator_is_in_the_version_or_in_the_libraries(
    tmp_path: Path, version: str, libraries: tuple[str, ...], accelerator: str
) -> None:
    found = seen(torch_folder(tmp_path / "torch", version, libraries))
    assert (found.version, found.accelerator) == (version, accelerator)


@pytest.mark.parametrize(
    ("version", "standard"),
    [
        ("1.13.1", 17),
        ("2.9.0", 17),
        ("2.11.0+cpu", 17),
        ("2.12.0", 20),
        ("2.12.1+cu130", 20),
        ("2.14.1", 20),
        ("3.0.0", 20),
        ("2.12.0.dev20260301+cpu", 20),
        ("2.12.0a0+gitabc", 20),
        ("2.12.0rc1", 20),
    ],
)
def test_the_cxx_standard_is_the_one_its_headers_need(tmp_path: Path, version: str, standard: int) -> None:
    assert seen(torch_folder(tmp_path / "torch", version)).cxx_standard == standard


@pytest.mark.parametrize(
    ("config", "cxx11_abi"),
    [
        (None, True),
        ("", True),
        ('set(TORCH_CXX_FLAGS "-D_GLIBCXX_USE_CXX11_ABI=1")', True),
        ('set(TORCH_CXX_FLAGS "-D_GLIBCXX_USE_CXX11_ABI=0")', False),
    ],
)
def test_the_old_abi_is_told_by_its_cmake_files(tmp_path: Path, config: str | None, *, cxx11_abi: bool) -> None:
    root = torch_folder(tmp_path / "torch", "2.3.0")
    if config is not None:
        folder = root / "share" / "cmake" / "Torch"
        folder.mkdir(parents=True)
        (folder / "TorchConfig.cmake").write_text(config, encoding="utf-8")
    assert seen(root).cxx11_abi is cxx11_abi


def test_the_rest_is_what_was_asked_for(tmp_path: Path) -> None:
    root = torch_folder(tmp_path / "torch")
    found = inspect(root, libtorch_request(), origin="installed")
    assert (found.root, found.origin, found.platform, found.build_type) == (
        root,
        "installed",
        "linux-x86_64",
        "release",
    )


@pytest.mark.parametrize("missing", ["lib/libtorch_cpu.so", "include"])
def test_a_folder_that_is_not_whole_is_refused(tmp_path: Path, missing: str) -> None:
    root = torch_folder(tmp_path / "torch")
    path = root / missing
    path.rmdir() if path.is_dir() else path.unlink()
    with pytest.raises(LibTorchError, match="is not a whole LibTorch") as caught:
        seen(root)
    assert str(root) in caught.value.message
    assert "--libtorch" in caught.value.hint


@pytest.mark.parametrize("text", [None, "", "nothing here", "__version__ = 'unknown'"])
def test_a_folder_without_a_version_is_refused(tmp_path: Path, text: str | None) -> None:
    root = torch_folder(tmp_path / "torch")
    (root / "version.py").unlink()
    if text is not None:
        (root / "version.py").write_text(text, encoding="utf-8")
    with pytest.raises(LibTorchError, match="does not say its version"):
        seen(root)


@pytest.mark.parametrize(
    ("file", "text", "version"),
    [
        ("version.py", "__version__ = '2.14.1'\n", "2.14.1"),
        ("version.py", '__version__ = "2.14.1+cpu"\ndebug = False\n', "2.14.1+cpu"),
        ("version.py", "from typing import Optional\n__version__: str = '2.5.0'\n", "2.5.0"),
        ("version.py", "__all__ = ['__version__', 'debug']\n__version__ = '2.6.0'\n", "2.6.0"),
        ("version.py", "cuda = '13.0'\n", None),
        ("build-version", "2.14.1+cpu\n", "2.14.1+cpu"),
        ("build-version", "\n", None),
        ("README", "2.14.1", None),
    ],
)
def test_a_version_is_read_from_a_wheel_or_from_a_zip(
    tmp_path: Path, file: str, text: str, version: str | None
) -> None:
    (tmp_path / file).write_text(text, encoding="utf-8")
    assert declared_version(tmp_path) == version


@pytest.mark.parametrize(
    ("system", "machine", "name"),
    [
        ("Linux", "x86_64", "linux-x86_64"),
        ("Linux", "aarch64", "linux-aarch64"),
        ("Linux", "arm64", "linux-aarch64"),
        ("Darwin", "arm64", "macos-arm64"),
        ("Darwin", "x86_64", "macos-x86_64"),
        ("Windows", "AMD64", "windows-x86_64"),
        ("Windows", "ARM64", "windows-arm64"),
    ],
)
def test_a_machine_has_its_platform(monkeypatch: pytest.MonkeyPatch, system: str, machine: str, name: str) -> None:
    monkeypatch.setattr(platform, "system", lambda: system)
    monkeypatch.setattr(platform, "machine", lambda: machine)
    assert host_platform() == name


@pytest.mark.parametrize(("system", "machine"), [("Linux", "riscv64"), ("FreeBSD", "amd64"), ("", "")])
def test_a_machine_without_a_libtorch_is_told_so(monkeypatch: pytest.MonkeyPatch, system: str, machine: str) -> None:
    monkeypatch.setattr(platform, "system", lambda: system)
    monkeypatch.setattr(platform, "machine", lambda: machine)
    with pytest.raises(LibTorchError, match="there is no LibTorch for"):
        host_platform()
