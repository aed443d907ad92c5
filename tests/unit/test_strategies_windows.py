"""What CMake generated for Windows, read and judged."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tsgen.errors import BuildError
from tsgen.matrix.strategies import commands, dlls, windows
from tsgen.matrix.strategies.strategy import Site
from tsgen.system import process
from tsgen.toolchain import Tool, Toolchain
from tsgen.types.matrix import Leg

from . import make
from .binaries import RELEASE_DLLS, write_pe

if TYPE_CHECKING:
    from tsgen.types import BuildType

COMPILE = (
    "ccache clang-cl-14 --target=x86_64-pc-windows-msvc /nologo -TP -DNOMINMAX '-I/a b/src' /EHsc /O2 {runtime} "
    "-std:c++17 -std:c++{standard} /showIncludes /FoCMakeFiles/tsgen-torchscript.dir/all.cpp.obj "
    "-c -- '/a b/src/runtimes/torchscript/all.cpp'"
)
LINK = (
    ": && cmake -E vs_link_exe --rc=llvm-rc --mt=llvm-mt --manifests -- lld-link /nologo main.cpp.obj "
    "/out:app-runner.exe /implib:app-runner.lib tsgen-runtime.lib {libraries} kernel32.lib "
    "&& cd /b && cmake -E copy_if_different {dlls} /b"
)
COPIED = ("c10.dll", "libiomp5md.dll", "torch_cpu.dll", "uv.dll")
IMPORTS = {
    "c10.dll": RELEASE_DLLS,
    "torch_cpu.dll": ("libiomp5md.dll", "UV.dll", "c10.dll"),
    "libiomp5md.dll": ("KERNEL32.dll",),
    "uv.dll": ("KERNEL32.dll",),
    "torch_python.dll": ("python311.dll", "torch_cpu.dll"),
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A LibTorch with real, empty DLLs."""
    (tmp_path / "torch/lib").mkdir(parents=True)
    for name, imports in IMPORTS.items():
        write_pe(tmp_path / "torch/lib" / name, imports=imports)
    return tmp_path / "torch"


def check(
    root: Path,
    monkeypatch: pytest.MonkeyPatch,
    *,
    copied: tuple[str, ...] = COPIED,
    libraries: tuple[str, ...] = ("torch_cpu.lib", "c10.lib"),
    standard: str = "20",
    runtime: str = "-MD",
    build_type: BuildType = "release",
) -> tuple[str, ...]:
    words = {
        "libraries": " ".join(str(root / "lib" / name) for name in libraries),
        "dlls": " ".join(str(root / "lib" / name) for name in copied),
    }
    text = "\n".join([COMPILE.format(standard=standard, runtime=runtime), LINK.format(**words)])
    monkeypatch.setattr(process, "run", lambda *_, **__: process.Finished(status=0, stdout=text, stderr=""))
    platform, tool = "windows-x86_64", Tool(path=Path("ninja"), version="1.13")
    leg = Leg(platform=platform, torch_version="2.14.1", accelerator="cpu", build_type=build_type, compiler="clang-cl")
    libtorch = make.libtorch(platform=platform, root=root, cxx_standard=20)
    toolchain = Toolchain(cmake=tool, ninja=tool)
    site = Site(leg=leg, libtorch=libtorch, folder=root.parent, toolchain=toolchain)
    return windows.check(site, site.build / "app-runner.exe")


def test_what_is_right_is_said(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert check(root, monkeypatch) == (
        "torchscript/all.cpp is compiled as C++20, as LibTorch needs",
        "all files use Microsoft's runtime as a DLL (/MD), as LibTorch does",
        "linked with LibTorch's c10.lib and torch_cpu.lib",
        "these lie beside the program, with all that they need: c10.dll, libiomp5md.dll, torch_cpu.dll, uv.dll",
    )


@pytest.mark.parametrize("name", COPIED)
def test_a_dll_that_is_not_copied_is_missed(root: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    rest = tuple(each for each in COPIED if each != name)
    with pytest.raises(BuildError, match=f"would not start: {name}"):
        check(root, monkeypatch, copied=rest)


def test_a_dll_for_python_is_refused(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(BuildError, match=r"has no Python: torch_python\.dll"):
        check(root, monkeypatch, copied=(*COPIED, "torch_python.dll"))


def test_a_dll_that_is_not_there_cannot_be_copied(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(BuildError, match=r"fbgemm\.dll is to be copied beside the program, and is not there"):
        check(root, monkeypatch, copied=(*COPIED, "fbgemm.dll"))


def test_an_older_standard_is_refused(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(BuildError, match=r"needs C\+\+20 \(torchscript/all.cpp: C\+\+17\)"):
        check(root, monkeypatch, standard="17")
    check(root, monkeypatch, standard="latest")


def test_the_runtime_is_that_of_the_build_type(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "(/MDd)" in check(root, monkeypatch, runtime="/MDd", build_type="debug")[1]
    for runtime in ("/MDd", "-MT", ""):
        with pytest.raises(BuildError, match="must be compiled with /MD,"):
            check(root, monkeypatch, runtime=runtime)


def test_libtorch_must_be_linked(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(BuildError, match=r"not linked with c10\.lib of"):
        check(root, monkeypatch, libraries=("torch_cpu.lib",))
    with pytest.raises(BuildError, match=r"not linked with c10\.lib of"):
        check(root, monkeypatch, libraries=("torch_cpu.lib", "other/c10.lib"))


def test_no_command_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    failed = process.Finished(status=1, stdout="ninja: error: unknown target 'app.exe'", stderr="")
    monkeypatch.setattr(process, "run", lambda *_, **__: failed)
    with pytest.raises(BuildError, match=r"no command that links app\.exe") as caught:
        commands.read(Path("ninja"), Path("build"), "app.exe")
    assert "unknown target" in caught.value.details


def test_what_links_is_no_compilation() -> None:
    assert commands.compiled(LINK) is None
    assert commands.compiled(": && llvm-lib /nologo /out:tsgen-runtime.lib all.cpp.obj && :") is None


def test_only_what_the_libtorch_has_is_needed_of_it(root: Path) -> None:
    assert dlls.closure(root / "lib") == set(COPIED)
    (root / "lib/uv.dll").unlink()
    assert dlls.closure(root / "lib") == set(COPIED) - {"uv.dll"}
    assert dlls.for_python((root / "lib").glob("*.dll")) == ["torch_python.dll"]


def test_what_is_no_dll_is_refused(tmp_path: Path) -> None:
    (tmp_path / "c10.dll").write_text("no DLL")
    with pytest.raises(BuildError, match=r"c10\.dll is not a DLL"):
        dlls.closure(tmp_path)
