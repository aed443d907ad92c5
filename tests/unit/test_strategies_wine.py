"""Windows by mingw and wine: what it lacks, what wine is told, and which programs would not start."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from tsgen.errors import BuildError
from tsgen.matrix.strategies import dlls, emulated, mingw, native, wine
from tsgen.matrix.strategies.strategy import Site
from tsgen.toolchain import Tool, Toolchain
from tsgen.types.matrix import Leg, Refusal

from . import make
from .binaries import write_pe
from .test_strategies import install

if TYPE_CHECKING:
    from pathlib import Path

LEG = Leg(
    platform="windows-x86_64",
    runtime="aotinductor",
    torch_version="2.14.1",
    accelerator="cpu",
    build_type="release",
    compiler="g++",
)
# A wine that makes a registry, and tells what it was given.
WINE = """#!/bin/sh
echo "$WINEPREFIX $WINEDLLOVERRIDES $*" >> "$(dirname "$0")/said"
/bin/mkdir -p "$WINEPREFIX/drive_c/windows/system32"
: > "$WINEPREFIX/system.reg"
"""
IMPORTS = {
    "c10.dll": ("KERNEL32.dll",),
    "torch_cpu.dll": ("libiomp5md.dll", "c10.dll"),
    "libiomp5md.dll": ("KERNEL32.dll",),
}


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only folder on the PATH, empty, and a cache beside it."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", os.pathsep.join([str(folder), "/usr/bin"]))
    monkeypatch.setattr(mingw, "_TRIPLE", "none-such")
    monkeypatch.setattr(wine, "NAMES", ("wine-none-such",))
    monkeypatch.setattr(wine, "folder", lambda: tmp_path / "wine")
    return folder


def bring(place: Path) -> None:
    (place / "wine/msvc-runtime").mkdir(parents=True)
    (place / "wine/msvc-runtime" / wine.THREADS).write_bytes(b"Microsoft's")


def test_all_that_is_missing_is_named(programs: Path, tmp_path: Path) -> None:
    assert mingw.lacks(LEG) == Refusal(
        "none-such-g++-posix and wine-none-such are not on this machine",
        "`apt-get install g++-mingw-w64-x86-64-posix wine64 wine`",
    )
    install(programs, "none-such-g++", "wine-none-such")
    lacking = mingw.lacks(LEG)
    assert lacking
    assert wine.THREADS in lacking.reason
    assert f"--target {tmp_path}/wine/msvc-runtime msvc-runtime`" in lacking.hint
    bring(tmp_path)
    assert mingw.lacks(LEG) is None


def test_wine_makes_its_windows_once_and_gets_the_library(programs: Path, tmp_path: Path) -> None:
    bring(tmp_path)
    (programs / "wine-none-such").write_text(WINE)
    (programs / "wine-none-such").chmod(0o755)
    words = wine.emulator()
    assert words == wine.emulator()
    assert (programs / "said").read_text() == f"{tmp_path}/wine/windows mscoree,mshtml= wineboot -i\n"
    assert (tmp_path / "wine/windows/drive_c/windows/system32" / wine.THREADS).read_bytes() == b"Microsoft's"
    assert words[0] == "env"
    assert {f"WINEPREFIX={tmp_path}/wine/windows", "KMP_AFFINITY=disabled", "WINEDEBUG=-all"} <= set(words)
    assert words[-1] == str(programs / "wine-none-such")


def test_a_wine_that_fails_is_told(programs: Path) -> None:
    (programs / "wine-none-such").write_text("#!/bin/sh\necho 'no such thing' >&2\nexit 1\n")
    (programs / "wine-none-such").chmod(0o755)
    with pytest.raises(BuildError, match="wine could not make its Windows") as caught:
        wine.emulator()
    assert "no such thing" in caught.value.details


@pytest.fixture
def site(tmp_path: Path) -> Site:
    (tmp_path / "torch/lib").mkdir(parents=True)
    (tmp_path / "leg/build/model").mkdir(parents=True)
    for name, imports in IMPORTS.items():
        write_pe(tmp_path / "torch/lib" / name, imports=imports)
        write_pe(tmp_path / "leg/build" / name, imports=imports)
    tool = Tool(path=tmp_path, version="4.0")
    return Site(
        leg=LEG,
        libtorch=make.libtorch(tmp_path / "torch", platform=LEG.platform),
        folder=tmp_path / "leg",
        toolchain=Toolchain(cmake=tool, ninja=tool),
    )


def built(site: Site, *more: str, openmp: str = "libiomp5md.dll") -> Path:
    write_pe(site.build / "model/model.dll", imports=("torch_cpu.dll", openmp, "msvcrt.dll"))
    return write_pe(site.build / "app-runner.exe", imports=("torch_cpu.dll", "KERNEL32.dll", *more))


def test_what_would_start_is_told(site: Site) -> None:
    program, openmp = mingw.check(site, built(site))
    assert "needs no DLL of mingw's" in program
    assert program.endswith("c10.dll, libiomp5md.dll, torch_cpu.dll")
    assert openmp == "one OpenMP, libiomp5md.dll of LibTorch's, for its kernels and for the loops of model.dll"


def test_what_would_not_start_is_found(site: Site) -> None:
    with pytest.raises(BuildError, match=r"libstdc\+\+-6\.dll of mingw's"):
        mingw.check(site, built(site, "libstdc++-6.dll"))
    (site.build / "c10.dll").unlink()
    dlls.needs.cache_clear()
    with pytest.raises(BuildError, match=r"not beside the program.*: c10\.dll"):
        mingw.check(site, built(site))


def test_a_model_with_an_openmp_of_its_own_is_found(site: Site) -> None:
    with pytest.raises(BuildError, match=r"does not take OpenMP from libiomp5md\.dll"):
        mingw.check(site, built(site, openmp="c10.dll"))


def test_clang_without_openmp_is_told_for_what_is_compiled_ahead(programs: Path) -> None:
    linux = Leg(
        platform="linux-x86_64", torch_version="2.14.1", accelerator="cpu", build_type="release", compiler="clang++-19"
    )
    ahead = Leg(**{**vars(linux), "runtime": "aotinductor"})
    install(programs, "clang++-19", says="include/omp.h")
    assert native.lacks(linux) is None
    assert native.lacks(ahead) == Refusal("clang++-19 has no OpenMP on this machine", "`apt-get install libomp-19-dev`")
    (programs / "clang++-19").write_text("#!/bin/sh\necho /usr/lib/clang/include/omp.h\n")
    assert native.lacks(ahead) is None
    arm = emulated.lacks(Leg(**{**vars(ahead), "platform": "linux-aarch64"}))
    assert arm
    assert "no OpenMP for linux-aarch64" in arm.reason
