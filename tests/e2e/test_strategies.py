"""The three strategies of the matrix for other platforms, with their real LibTorch."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tsgen import toolchain
from tsgen.errors import BuildError, ToolFailedError
from tsgen.libtorch.look import inspect
from tsgen.matrix import strategies
from tsgen.matrix.strategies import macho
from tsgen.matrix.strategies.strategy import Site
from tsgen.system import process
from tsgen.types.matrix import Leg

from .conftest import REPOSITORY, make

if TYPE_CHECKING:
    from tsgen.matrix.strategies.strategy import Setup, Strategy
    from tsgen.types import BuildType

    from .conftest import Made, Tsgen

pytestmark = [
    pytest.mark.slow,
    pytest.mark.network,
    pytest.mark.skipif(
        sys.platform != "linux" or os.uname().machine != "x86_64", reason="these ways lead from linux-x86_64"
    ),
]
VERSION = "2.14.1"


@pytest.fixture(scope="module")
def project(tsgen: Tsgen, tmp_path_factory: pytest.TempPathFactory) -> Made:
    return make(
        tsgen, tmp_path_factory.mktemp("project"), "app", "--model", REPOSITORY / "examples/my_module/model.py:build"
    )


class Work:
    """One leg, as `tsgen matrix --run` does it."""

    def __init__(self, tsgen: Tsgen, project: Made, folder: Path, leg: Leg) -> None:
        way = strategies.for_leg(leg, "linux-x86_64")
        assert way
        if lacking := way.lacks(leg):
            pytest.skip(f"{lacking.reason}: {lacking.hint}")
        words = ("--platform", leg.platform, "--torch-version", leg.torch_version, "--build-type", leg.build_type)
        fetched = tsgen("libtorch", "fetch", *words, "--json")
        assert fetched.status == 0, fetched.stderr
        found = inspect.look(Path(fetched.document["root"]), origin="wheel", build_type=leg.build_type)
        folder = folder / leg.name
        folder.mkdir(parents=True)
        self.way: Strategy = way
        self.project = project
        self.site = Site(leg=leg, libtorch=found, folder=folder, toolchain=toolchain.find())
        self.setup: Setup = way.set_up(self.site)
        suffix = ".exe" if leg.platform.startswith("windows") else ""
        self.runner = self.site.build / f"{project.root.name}-runner{suffix}"

    def configure(self) -> None:
        tools = self.site.toolchain
        variables = {
            "CMAKE_MAKE_PROGRAM": tools.ninja.path,
            "Torch_ROOT": self.site.libtorch.root,
            **self.setup.variables,
        }
        words = [f"-D{name}={value}" for name, value in variables.items()]
        self.run(tools.cmake.path, "--preset", self.site.leg.build_type, "-B", self.site.build, *words)

    def build(self) -> None:
        self.run(self.site.toolchain.cmake.path, "--build", self.site.build)

    def run(self, *command: str | Path) -> str:
        return process.run(command, cwd=self.project.root, env=self.setup.environment, merge=True).stdout

    def check(self) -> tuple[str, ...]:
        return self.way.check(self.site, self.runner)

    @property
    def link_command(self) -> str:
        words = (self.site.toolchain.ninja.path, "-C", self.site.build, "-t", "commands", self.runner.name)
        return self.run(*words).splitlines()[-1]

    def link_again(self, old: str, new: str) -> None:
        """With a command that is changed; zig takes the target from its own script."""
        script = self.site.folder / "zig/c++"
        text = script.read_text()
        assert old in text
        script.write_text(text.replace(old, new))
        self.run("sh", "-c", f"cd '{self.site.build}' && {self.link_command}")
        script.write_text(text)
        macho.read.cache_clear()


def leg(platform: str, compiler: str, build_type: BuildType = "release") -> Leg:
    return Leg(platform=platform, torch_version=VERSION, accelerator="cpu", build_type=build_type, compiler=compiler)


@pytest.mark.parametrize("compiler", ["g++", "clang++"])
def test_an_emulated_arm_computes_what_python_computed(
    tsgen: Tsgen, project: Made, tmp_path: Path, compiler: str
) -> None:
    work = Work(tsgen, project, tmp_path, leg("linux-aarch64", compiler))
    work.configure()
    work.build()
    assert work.check()[0] == "an ELF program for AARCH64"
    answer = work.run(*work.setup.emulator, work.runner, project.root / "model/model.pt", "--verify", "--threads", "1")
    assert "within tolerance" in answer
    with pytest.raises(ToolFailedError):
        work.run(*work.setup.emulator, work.runner, project.root / "tsgen.toml")


def test_a_program_for_macos_links_and_what_spoils_it_is_found(tsgen: Tsgen, project: Made, tmp_path: Path) -> None:
    work = Work(tsgen, project, tmp_path, leg("macos-arm64", "clang++"))
    work.configure()
    work.build()
    facts = work.check()
    assert facts[0] == "a Mach-O program for arm64, for macOS 14.0 and newer"
    assert facts[-1] == "signed ad hoc"
    work.link_again("macos.14.0", "macos.15.0")
    with pytest.raises(BuildError, match=r"minimum macOS is 15\.0, and with this LibTorch it must be 14\.0"):
        work.check()
    # Without our stub zig takes its own libc++, which is static.
    work.link_again(f"-nostdlib++ {work.site.folder}/libc++.tbd", "")
    with pytest.raises(BuildError, match="a libc\\+\\+ of its own"):
        work.check()
    stub = work.site.folder / "libc++.tbd"
    stub.write_text(stub.read_text().replace("'___cxa_throw'", "'___cxa_other'"))
    with pytest.raises(ToolFailedError) as failed:
        work.link_again("macos.14.0", "macos.14.0")
    assert "undefined symbol: ___cxa_throw" in failed.value.output


def test_what_is_generated_for_windows_copies_what_the_real_dlls_need(
    tsgen: Tsgen, project: Made, tmp_path: Path
) -> None:
    work = Work(tsgen, project, tmp_path, leg("windows-x86_64", "clang-cl"))
    work.configure()
    dlls = work.check()[-1].rpartition(": ")[2].split(", ")
    assert {"c10.dll", "torch_cpu.dll", "libiomp5md.dll", "uv.dll"} <= set(dlls)
    assert "torch_python.dll" not in dlls
    (work.site.build / "build.ninja").write_text(
        (work.site.build / "build.ninja").read_text().replace(f"{work.site.libtorch.root}/lib/libiomp5md.dll", "")
    )
    with pytest.raises(BuildError, match=r"would not start: libiomp5md\.dll"):
        work.check()
