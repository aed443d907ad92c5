"""macOS, as far as it can be had elsewhere: real CMake and Ninja, and a script in the place of each tool."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from .conftest import PROJECTS, Consumer, run
from .lock import pin, write

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import Run


class Mac(Consumer):
    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        shutil.rmtree(self.source)
        shutil.copytree(PROJECTS / "dlls", self.source)
        # CMake asks it which macOS this is.
        (folder / "bin/sw_vers").write_text("#!/bin/sh\necho 14.0\n")
        (folder / "bin/sw_vers").chmod(0o755)

    def configure_for(self, root: Path, *arguments: str) -> Run:
        toolchain = f"-DCMAKE_TOOLCHAIN_FILE={PROJECTS / 'macos/toolchain.cmake'}"
        return self.configure(toolchain, f"-DTorch_ROOT={root}", *arguments)

    @property
    def link_command(self) -> str:
        words = [self.cmake, "--build", self.build_folder, "--", "-t", "commands", "program"]
        return run(*words, env=self.environment).output.splitlines()[-1]


def lay_out(root: Path, *, needs: str, brings: bool) -> Path:
    (root / "lib").mkdir(parents=True)
    (root / "include/torch/csrc/api/include").mkdir(parents=True)
    (root / "build-version").write_text("2.3.0\n")
    (root / "lib/libtorch_cpu.dylib").write_bytes(f"\0{needs}\0".encode())
    (root / "lib/libc10.dylib").touch()
    if brings:
        (root / "lib/libomp.dylib").touch()
    return root


@pytest.fixture
def mac(tmp_path: Path) -> Mac:
    return Mac(tmp_path)


def test_the_run_path_leads_to_libtorch_and_needs_no_copies(mac: Mac, tmp_path: Path) -> None:
    root = lay_out(tmp_path / "libtorch", needs="@rpath/libomp.dylib", brings=True)
    done = mac.configure_for(root)
    assert done.ok, done.output
    assert f"-Wl,-rpath,{root}/lib" in mac.link_command
    assert f"{root}/lib/libtorch_cpu.dylib" in mac.link_command
    assert "--no-as-needed" not in mac.link_command
    assert mac.build().ok


def test_an_openmp_that_is_not_brought_is_found_elsewhere(mac: Mac, tmp_path: Path) -> None:
    root = lay_out(tmp_path / "libtorch", needs="@rpath/libomp.dylib", brings=False)
    library = tmp_path / "brew/libomp.dylib"
    library.parent.mkdir()
    library.touch()
    done = mac.configure_for(root, f"-DTorch_LIBOMP={library}")
    assert done.ok, done.output
    assert f"-rpath -Xlinker {library.parent}" in mac.link_command


def test_an_openmp_that_is_nowhere_is_told(mac: Mac, tmp_path: Path) -> None:
    root = lay_out(tmp_path / "libtorch", needs="@rpath/libomp.dylib", brings=False)
    done = mac.configure_for(root)
    assert "needs libomp.dylib and does not bring it" in done.sentence
    assert "`brew install libomp`" in done.sentence


def test_no_openmp_is_asked_for_that_is_not_needed(mac: Mac, tmp_path: Path) -> None:
    root = lay_out(tmp_path / "libtorch", needs="@rpath/libiomp5.dylib", brings=False)
    assert "libomp" not in mac.configure_for(root).output


def test_the_lock_of_the_machine_built_for_is_read(mac: Mac) -> None:
    for machine, version in (("x86_64", "2.2.2"), ("arm64", "2.14.1")):
        write(mac.source, pin((), version=version, origin="wheel", platform=f"macos-{machine}"))
    toolchain = f"-DCMAKE_TOOLCHAIN_FILE={PROJECTS / 'macos/toolchain.cmake'}"
    assert "LibTorch 2.14.1 (wheel) for macos-arm64" in mac.configure(toolchain).sentence
    shutil.rmtree(mac.build_folder)
    for_intel = mac.configure(toolchain, "-DCMAKE_OSX_ARCHITECTURES=x86_64")
    assert "LibTorch 2.2.2 (wheel) for macos-x86_64" in for_intel.sentence
