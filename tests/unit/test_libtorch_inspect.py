"""What a LibTorch folder says of itself, without being run."""

from __future__ import annotations

import platform
from typing import TYPE_CHECKING

import pytest

from tsgen.errors import LibTorchError
from tsgen.libtorch import host_platform
from tsgen.libtorch.look.inspect import inspect, look
from tsgen.system.versions import declared_version
from tsgen.types import Source

from .binaries import NEW_ABI, RELEASE_DLLS, write_elf, write_pe
from .make import libtorch_request, torch_folder

if TYPE_CHECKING:
    from pathlib import Path

    from tsgen.types import BuildType, LibTorch

CPU, CUDA, ROCM = ("libtorch_cpu.so",), ("libtorch_cpu.so", "libtorch_cuda.so"), ("libtorch_cpu.so", "libtorch_hip.so")
HEADER = "".join(
    f"#define TORCH_VERSION_{part} {number}\n" for part, number in {"MAJOR": 2, "MINOR": 10, "PATCH": 3}.items()
)


def seen(root: Path, platform: str = "linux-x86_64") -> LibTorch:
    return inspect(root, libtorch_request(platform=platform), origin="path")


@pytest.mark.parametrize(
    ("version", "libraries", "accelerator"),
    [
        ("2.14.1", CPU, "cpu"),
        ("2.14.1+cpu", CPU, "cpu"),
        ("2.14.1", CUDA, "cuda"),
        ("2.14.1+cu130", CUDA, "cu130"),
        ("2.14.1+rocm6.4", ROCM, "rocm6.4"),
        ("2.14.1", ROCM, "rocm"),
        ("2.14.1+git1a2b3c", CPU, "cpu"),
        ("2.14.1+git1a2b3c", CUDA, "cuda"),
        ("2.14.1+xpu", ("libtorch_cpu.so", "libtorch_xpu.so"), "xpu"),
    ],
)
def test_the_accelerator_is_in_the_libraries_and_its_version_in_torchs(
    tmp_path: Path, version: str, libraries: tuple[str, ...], accelerator: str
) -> None:
    found = seen(torch_folder(tmp_path / "torch", version, libraries))
    assert (found.version, found.accelerator) == (version, accelerator)


@pytest.mark.parametrize(
    ("libraries", "toolkits", "accelerator"),
    [
        (CUDA, {"cuda": "'13.0'", "hip": "None"}, "cu130"),
        (CUDA, {"cuda": "'11.8'", "hip": "None"}, "cu118"),
        (ROCM, {"cuda": "None", "hip": "'7.2.53150-0ca5e9a'"}, "rocm7.2"),
        (ROCM, {"cuda": "None", "hip": "None", "rocm": "'7.1.0'"}, "rocm7.1"),
        (CPU, {"cuda": "None", "hip": "None"}, "cpu"),
        (CPU, {"cuda": "'13.0'", "hip": "None"}, "cpu"),
        (CUDA, {"cuda": "None", "hip": "None"}, "cuda"),
    ],
)
def test_a_version_without_local_part_leaves_it_to_the_toolkit(
    tmp_path: Path, libraries: tuple[str, ...], toolkits: dict[str, str], accelerator: str
) -> None:
    root = torch_folder(tmp_path / "torch", "2.14.1", libraries)
    with (root / "version.py").open("a", encoding="utf-8") as file:
        file.writelines(f"{name}: Optional[str] = {version}\n" for name, version in toolkits.items())
    assert seen(root).accelerator == accelerator


@pytest.mark.parametrize("version", ["2.14.1+cu130", "2.14.1+rocm7.2"])
def test_cpu_libraries_cut_from_a_wheel_of_an_accelerator_are_for_the_cpu(tmp_path: Path, version: str) -> None:
    assert seen(torch_folder(tmp_path / "torch", version, CPU)).accelerator == "cpu"


def test_a_local_part_that_denies_the_libraries_is_not_believed(tmp_path: Path) -> None:
    assert seen(torch_folder(tmp_path / "torch", "2.14.1+cpu", CUDA)).accelerator == "cuda"


@pytest.mark.parametrize(
    ("libraries", "machine", "platform", "accelerator"),
    [
        (("libtorch_cpu.so",), "aarch64", "linux-aarch64", "cpu"),
        (("libtorch_cpu.dylib",), "arm64", "macos-arm64", "cpu"),
        (("libtorch_cpu.dylib",), "x86_64", "macos-x86_64", "cpu"),
        (("torch_cpu.dll", "torch_cuda.dll"), "x86_64", "windows-x86_64", "cuda"),
        (("torch_cpu.dll", "torch_cuda.lib"), "arm64", "windows-arm64", "cpu"),
    ],
)
def test_every_platform_is_told_by_its_libraries(
    tmp_path: Path, libraries: tuple[str, ...], machine: str, platform: str, accelerator: str
) -> None:
    found = seen(torch_folder(tmp_path / "torch", libraries=libraries, machine=machine), platform)
    assert (found.platform, found.accelerator) == (platform, accelerator)


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


@pytest.mark.parametrize("cxx11_abi", [True, False])
def test_the_abi_is_told_by_the_symbols_whatever_the_cmake_files_say(tmp_path: Path, *, cxx11_abi: bool) -> None:
    root = torch_folder(tmp_path / "torch", "2.3.0", cxx11_abi=cxx11_abi)
    write_cmake_config(root, f'set(TORCH_CXX_FLAGS "-D_GLIBCXX_USE_CXX11_ABI={int(not cxx11_abi)}")')
    assert seen(root).cxx11_abi is cxx11_abi


@pytest.mark.parametrize(
    ("config", "cxx11_abi"),
    [
        (None, True),
        ("", True),
        ('set(TORCH_CXX_FLAGS "-D_GLIBCXX_USE_CXX11_ABI=1")', True),
        ('set(TORCH_CXX_FLAGS "-D_GLIBCXX_USE_CXX11_ABI=0")', False),
    ],
)
def test_the_cmake_files_tell_the_abi_when_the_symbols_do_not(
    tmp_path: Path, config: str | None, *, cxx11_abi: bool
) -> None:
    root = torch_folder(tmp_path / "torch", "2.3.0", cxx11_abi=None)
    if config is not None:
        write_cmake_config(root, config)
    assert seen(root).cxx11_abi is cxx11_abi


def write_cmake_config(root: Path, text: str) -> None:
    folder = root / "share" / "cmake" / "Torch"
    folder.mkdir(parents=True)
    (folder / "TorchConfig.cmake").write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    ("imported", "asked", "build_type"),
    [(RELEASE_DLLS, "debug", "release"), (("MSVCP140D.dll", "ucrtbased.dll"), "release", "debug")],
)
def test_a_dll_tells_its_build_type(
    tmp_path: Path, imported: tuple[str, ...], asked: BuildType, build_type: BuildType
) -> None:
    root = torch_folder(tmp_path / "torch", libraries=("torch_cpu.dll",))
    write_pe(root / "lib" / "c10.dll", imports=imported)
    assert look(root, origin="path", build_type=asked).build_type == build_type


def test_the_rest_is_what_was_asked_for(tmp_path: Path) -> None:
    root, sources = torch_folder(tmp_path / "torch"), (Source(file="torch.whl", sha256="0" * 64),)
    found = inspect(root, libtorch_request(build_type="debug"), origin="wheel", sources=sources)
    assert (found.root, found.origin, found.build_type, found.sources) == (root, "wheel", "debug", sources)


@pytest.mark.parametrize(("libc", "platform"), [("glibc", "linux-x86_64-musl"), ("musl", "linux-x86_64")])
def test_a_libtorch_for_musl_is_another_platforms_unless_the_machine_is_of_musl(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, libc: str, platform: str
) -> None:
    monkeypatch.setattr("tsgen.libtorch.look.inspect.libc_ver", lambda: (libc, "1.2"))
    root = torch_folder(tmp_path / "torch")
    write_elf(root / "lib" / "libc10.so", symbols=[NEW_ABI], needed=["libc.musl-x86_64.so.1"], versions={})
    assert look(root, origin="path").platform == platform


@pytest.mark.parametrize("missing", ["lib/libc10.so", "lib/libtorch_cpu.so", "include/torch"])
def test_a_folder_that_is_not_whole_is_refused(tmp_path: Path, missing: str) -> None:
    root = torch_folder(tmp_path / "torch")
    (root / "lib" / "libtorch.so").touch()
    path = root / missing
    path.rmdir() if path.is_dir() else path.unlink()
    with pytest.raises(LibTorchError, match="is not a whole LibTorch") as caught:
        seen(root)
    assert str(root) in caught.value.message
    assert path.name.split(".")[0] in caught.value.message
    assert "--libtorch" in caught.value.hint


def test_before_1_5_there_was_one_library(tmp_path: Path) -> None:
    assert seen(torch_folder(tmp_path / "torch", "1.4.0", ("libtorch.so",))).version == "1.4.0"


def test_a_libtorch_of_static_libraries_is_refused(tmp_path: Path) -> None:
    root = torch_folder(tmp_path / "torch", "2.1.0")
    (root / "lib" / "libtorch_cpu.so").rename(root / "lib" / "libtorch_cpu.a")
    with pytest.raises(LibTorchError, match="has static libraries; expected shared ones") as caught:
        seen(root)
    assert "shared-with-deps" in caught.value.hint


def test_a_broken_library_is_refused(tmp_path: Path) -> None:
    root = torch_folder(tmp_path / "torch")
    (root / "lib" / "libc10.so").write_bytes((root / "lib" / "libc10.so").read_bytes()[:-1])
    with pytest.raises(LibTorchError, match=r"libc10\.so is cut short"):
        seen(root)


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
        ("include/torch/headeronly/version.h", HEADER, "2.10.3"),
        ("include/torch/csrc/api/include/torch/version.h", HEADER, "2.10.3"),
        ("include/torch/headeronly/version.h", "#define TORCH_VERSION_MAJOR 2\n", None),
        ("include/torch/version.h", HEADER, None),
    ],
)
def test_a_version_is_read_from_a_wheel_a_zip_or_headers(
    tmp_path: Path, file: str, text: str, version: str | None
) -> None:
    (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
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
