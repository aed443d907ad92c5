"""Which strategy a leg has on this machine, what it lacks, and the files that every strategy writes."""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING

import pytest

from tsgen.errors import BuildError
from tsgen.matrix import strategies
from tsgen.matrix.strategies import emulated, macos, native, sysroot, toolchain_file, tools, windows
from tsgen.matrix.strategies.strategy import Site, require_platform
from tsgen.toolchain import Tool, Toolchain
from tsgen.types.matrix import Leg, Refusal

from . import make

if TYPE_CHECKING:
    from pathlib import Path

LINUX = "linux-x86_64"


def leg(platform: str = LINUX, compiler: str = "g++") -> Leg:
    return Leg(platform=platform, torch_version="2.14.1", accelerator="cpu", build_type="release", compiler=compiler)


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only folder on the PATH, empty."""
    monkeypatch.setenv("PATH", str(tmp_path))
    return tmp_path


def install(folder: Path, *names: str, says: str = "tool 1.2") -> None:
    for name in names:
        (folder / name).write_text(f"#!/bin/sh\necho 'Copyright'\necho '{says}'\n")
        (folder / name).chmod(0o755)


@pytest.mark.parametrize(
    ("platform", "compiler", "strategy"),
    [
        (LINUX, "g++", native),
        ("linux-aarch64", "clang++-19", emulated),
        ("macos-arm64", "clang++", macos),
        ("macos-x86_64", "clang++", macos),
        ("windows-x86_64", "clang-cl", windows),
        ("windows-x86_64", "msvc", None),
        ("windows-arm64", "clang-cl", None),
    ],
)
def test_each_leg_has_its_strategy_on_linux(platform: str, compiler: str, strategy: object) -> None:
    assert strategies.for_leg(leg(platform, compiler), LINUX) is strategy


def test_another_machine_does_what_is_its_own_and_no_more() -> None:
    assert strategies.for_leg(leg("windows-x86_64", "msvc"), "windows-x86_64") is native
    assert strategies.for_leg(leg("linux-x86_64"), "windows-x86_64") is None
    assert strategies.for_leg(leg("linux-x86_64"), "linux-aarch64") is None


@pytest.mark.parametrize(("compiler", "package"), [("g++", "g++"), ("g++-13", "g++-13"), ("clang++-19", "clang-19")])
def test_a_missing_compiler_is_told_with_its_package(programs: Path, compiler: str, package: str) -> None:
    lacking = Refusal(f"{compiler} is not on this machine", f"`apt-get install {package}`")
    assert native.lacks(leg(compiler=compiler)) == lacking
    install(programs, compiler)
    assert native.lacks(leg(compiler=compiler)) is None


@pytest.mark.usefixtures("programs")
def test_windows_and_macos_have_compilers_of_their_own() -> None:
    msvc, clang = native.lacks(leg("windows-x86_64", "msvc")), native.lacks(leg("windows-x86_64", "clang-cl"))
    apple = native.lacks(leg("macos-arm64", "clang++"))
    assert msvc
    assert clang
    assert apple
    assert msvc.reason == "cl is not on this machine"
    assert "Visual Studio's Build Tools with the C++ tools" in msvc.hint
    assert "`C++ Clang tools for Windows`" in clang.hint
    assert apple.hint == "`xcode-select --install`"


def test_a_compiler_is_named_to_cmake_and_known_by_its_version(programs: Path) -> None:
    install(programs, "g++-13", says="g++ (Debian 13.2.0) 13.2.0")
    assert native.identity(leg(compiler="g++-13")) == f"{programs}/g++-13: g++ (Debian 13.2.0) 13.2.0"


def test_the_emulated_way_names_all_that_is_missing(programs: Path) -> None:
    arm = leg("linux-aarch64", "g++-12")
    assert emulated.lacks(arm) == Refusal(
        "aarch64-linux-gnu-g++-12 and qemu-aarch64-static are not on this machine",
        "`apt-get install g++-12-aarch64-linux-gnu qemu-user-static`",
    )
    install(programs, "aarch64-linux-gnu-g++-12", "qemu-aarch64")
    assert emulated.lacks(arm) is None


def test_clang_for_another_platform_needs_the_libraries_of_gcc(programs: Path) -> None:
    install(programs, "clang++-19", "qemu-aarch64-static")
    assert emulated.lacks(leg("linux-aarch64", "clang++-19")) == Refusal(
        "aarch64-linux-gnu-g++ is not on this machine", "`apt-get install g++-aarch64-linux-gnu`"
    )


def test_the_windows_way_takes_tools_with_any_number(programs: Path) -> None:
    install(programs, "clang-cl-14", "lld-link-14", "llvm-lib-14")
    lacking = windows.lacks(leg("windows-x86_64", "clang-cl"))
    assert lacking == Refusal("llvm-mt and llvm-rc are not on this machine", "`apt-get install llvm`")
    install(programs, "llvm-mt", "llvm-rc")
    assert windows.lacks(leg("windows-x86_64", "clang-cl")) is None


def test_zig_is_looked_for_in_the_python_of_tsgen(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("sys.path", [str(tmp_path)])
    monkeypatch.delitem(__import__("sys").modules, "ziglang", raising=False)
    lacking = macos.lacks(leg("macos-arm64", "clang++"))
    assert lacking
    assert lacking.hint == "`pip install ziglang`"
    (tmp_path / "ziglang").mkdir()
    (tmp_path / "ziglang/__init__.py").touch()
    (tmp_path / "ziglang/zig").touch()
    assert macos.lacks(leg("macos-arm64", "clang++")) is None


@pytest.mark.usefixtures("programs")
def test_a_tool_that_went_away_is_told() -> None:
    with pytest.raises(BuildError, match="g\\+\\+-13 is not on this machine"):
        tools.path_of("g++-13")


def test_a_libtorch_of_another_platform_is_refused(tmp_path: Path) -> None:
    tool = Tool(path=tmp_path, version="4.0")
    site = Site(
        leg=leg("linux-aarch64"),
        libtorch=make.libtorch(platform=LINUX),
        folder=tmp_path,
        toolchain=Toolchain(cmake=tool, ninja=tool),
    )
    with pytest.raises(BuildError, match="a LibTorch for linux-x86_64, and linux-aarch64 was to be built"):
        require_platform(site)


def test_an_unchanged_toolchain_file_keeps_its_time(tmp_path: Path) -> None:
    settings = {"CMAKE_SYSTEM_NAME": "Linux", "CMAKE_CROSSCOMPILING_EMULATOR": "qemu;-L;/with space"}
    file = toolchain_file.write(tmp_path, settings, "Why it is.")
    written = file.stat().st_mtime_ns
    assert file.read_text() == (
        "# Why it is.\n"
        "set(CMAKE_SYSTEM_NAME [==[Linux]==])\n"
        "set(CMAKE_CROSSCOMPILING_EMULATOR [==[qemu;-L;/with space]==])\n"
    )
    assert toolchain_file.write(tmp_path, settings, "Why it is.").stat().st_mtime_ns == written
    assert toolchain_file.write(tmp_path, {}, "Why it is.").stat().st_mtime_ns != written


def test_a_script_can_be_run(tmp_path: Path) -> None:
    script = toolchain_file.put(tmp_path / "bin/sw_vers", "#!/bin/sh\necho 14.0\n", executable=True)
    assert script.stat().st_mode & stat.S_IXUSR
    assert tools.version(script) == "14.0"


def test_an_emulated_processor_is_an_arm_for_each_core(tmp_path: Path) -> None:
    text = sysroot.cpuinfo(3)
    blocks = text.strip().split("\n\n")
    assert [block.splitlines()[0] for block in blocks] == [f"processor\t: {number}" for number in range(3)]
    assert all("CPU implementer\t: 0x41\nCPU architecture: 8\n" in block for block in blocks)
    assert all("Features\t: fp asimd " in block for block in blocks)
    libraries = tmp_path / "libraries"
    root = sysroot.write(tmp_path / "sysroot", libraries, 3)
    assert (root / "proc/cpuinfo").read_text() == text
    assert (root / "lib").readlink() == libraries
    register = root / "sys/devices/system/cpu/cpu2/regs/identification/midr_el1"
    assert register.read_text() == "0x00000000413fd0c1\n"


def test_a_sysroot_follows_the_compiler(tmp_path: Path) -> None:
    sysroot.write(tmp_path, tmp_path / "old", 1)
    assert (sysroot.write(tmp_path, tmp_path / "new", 1) / "lib").readlink() == tmp_path / "new"
