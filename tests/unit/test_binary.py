"""What the headers of a shared library tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tsgen.errors import LibTorchError
from tsgen.libtorch.look import binary
from tsgen.libtorch.look.binary import read
from tsgen.system import stat_cache

from .binaries import NEW_ABI, OLD_ABI, RELEASE_DLLS, write_elf, write_macho, write_pe

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

WRITERS: dict[str, Callable[[Path], Path]] = {"c10.so": write_elf, "c10.dll": write_pe, "c10.dylib": write_macho}


@pytest.mark.parametrize(
    ("write", "machine", "platform"),
    [
        (write_elf, "x86_64", "linux-x86_64"),
        (write_elf, "aarch64", "linux-aarch64"),
        (write_elf, "i386", "linux-i386"),
        (write_elf, "riscv64", "linux-riscv"),
        (write_pe, "x86_64", "windows-x86_64"),
        (write_pe, "arm64", "windows-arm64"),
        (write_macho, "x86_64", "macos-x86_64"),
        (write_macho, "arm64", "macos-arm64"),
    ],
)
def test_the_platform_is_in_the_headers(
    tmp_path: Path, write: Callable[[Path, str], Path], machine: str, platform: str
) -> None:
    assert read(write(tmp_path / "c10", machine)).platform == platform


@pytest.mark.parametrize(
    ("symbols", "undefined", "cxx11_abi"),
    [
        (("c10_answer", NEW_ABI), (), True),
        (("c10_answer", OLD_ABI), (), False),
        (("_ZN3c105ErrorC2ESsSt10shared_ptrIKNS_9LazyValueISsEEEPKv",), (), False),
        (("_ZNK3c105Error4whatEv", "_ZN3c106detail14torchCheckFailEPKcS2_jS2_"), (), None),
        (("c10_answer",), (NEW_ABI,), None),
        ((), (), None),
    ],
    ids=["new", "old", "old, by value", "no string", "only needed", "no symbols"],
)
def test_the_abi_is_that_of_an_exported_constructor(
    tmp_path: Path, symbols: tuple[str, ...], undefined: tuple[str, ...], *, cxx11_abi: bool | None
) -> None:
    assert read(write_elf(tmp_path / "libc10.so", symbols=symbols, undefined=undefined)).cxx11_abi is cxx11_abi


@pytest.mark.parametrize("write", [write_pe, write_macho])
def test_outside_linux_there_is_one_abi(tmp_path: Path, write: Callable[[Path], Path]) -> None:
    assert read(write(tmp_path / "c10")).cxx11_abi is True


@pytest.mark.parametrize(
    ("versions", "floor"),
    [
        ({"libc.so.6": ("GLIBC_2.2.5", "GLIBC_2.17", "GLIBC_2.4"), "libm.so.6": ("GLIBC_2.27",)}, "2.27"),
        ({"libc.so.6": ("GLIBC_2.9",), "libstdc++.so.6": ("GLIBCXX_3.4.30", "CXXABI_1.3")}, "2.9"),
        ({"libc.so.6": ("GLIBC_2.9", "GLIBC_2.10", "GLIBC_PRIVATE")}, "2.10"),
        ({"libstdc++.so.6": ("GLIBCXX_3.4.30",)}, None),
        ({}, None),
    ],
)
def test_the_newest_glibc_that_is_needed_is_the_floor(
    tmp_path: Path, versions: dict[str, tuple[str, ...]], floor: str | None
) -> None:
    assert read(write_elf(tmp_path / "libc10.so", versions=versions)).glibc == floor


@pytest.mark.parametrize(
    ("needed", "musl"),
    [("libc.so.6", False), ("libc.musl-x86_64.so.1", True), ("ld-musl-aarch64.so.1", True), ("libmusl.so", False)],
)
def test_the_c_library_of_alpine_is_told(tmp_path: Path, needed: str, *, musl: bool) -> None:
    assert read(write_elf(tmp_path / "libc10.so", needed=("libstdc++.so.6", needed))).musl is musl


@pytest.mark.parametrize(
    ("imported", "debug"),
    [
        (RELEASE_DLLS, False),
        ((*RELEASE_DLLS, "MSVCP140D.dll"), True),
        (("VCRUNTIME140_1D.dll",), True),
        (("vcruntime140d.dll",), True),
        (("ucrtbased.dll",), True),
        (("dbghelp.dll", "api-ms-win-crt-heap-l1-1-0.dll"), False),
    ],
)
def test_a_debug_dll_needs_the_debug_runtime(tmp_path: Path, imported: tuple[str, ...], *, debug: bool) -> None:
    assert read(write_pe(tmp_path / "c10.dll", imports=imported)).debug_runtime is debug


@pytest.mark.parametrize(
    ("minimum", "old_command", "macos"),
    [((14, 0), False, "14.0"), ((11, 3), False, "11.3"), ((10, 9), True, "10.9"), (None, False, None)],
)
def test_a_dylib_tells_its_oldest_macos(
    tmp_path: Path, minimum: tuple[int, int] | None, macos: str | None, *, old_command: bool
) -> None:
    dylib = write_macho(tmp_path / "libc10.dylib", minimum=minimum, old_command=old_command)
    assert read(dylib).macos == macos


@pytest.mark.parametrize("name", WRITERS)
def test_a_library_that_is_cut_short_is_refused_wherever_it_is_cut(
    tmp_path: Path, name: str, capfd: pytest.CaptureFixture[str]
) -> None:
    whole = WRITERS[name](tmp_path / name)
    content = whole.read_bytes()
    assert read(whole).platform
    for size in range(len(content)):
        whole.write_bytes(content[:size])
        with pytest.raises(LibTorchError, match=r"cut short|broken|not a shared library") as caught:
            read(whole)
        assert str(whole) in caught.value.message
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    "content", [b"", b"!<arch>\n", b"version https://git-lfs.github.com/spec/v1\n", b"#!/bin/sh\n"]
)
def test_what_is_no_library_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "libc10.so"
    file.write_bytes(content)
    with pytest.raises(LibTorchError, match="is not a shared library: expected ELF, PE or Mach-O") as caught:
        read(file)
    assert "unpack" in caught.value.hint


@pytest.mark.parametrize("make", [lambda _: None, lambda path: path.mkdir()], ids=["missing", "a folder"])
def test_what_is_no_file_is_refused(tmp_path: Path, make: Callable[[Path], None]) -> None:
    make(tmp_path / "libc10.so")
    with pytest.raises(LibTorchError, match="is not a shared library"):
        read(tmp_path / "libc10.so")


def test_a_library_that_has_not_changed_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "build").mkdir()
    monkeypatch.setattr(stat_cache, "RACY_NS", 0)
    library = write_elf(tmp_path / "libc10.so", "x86_64", symbols=(NEW_ABI,))
    reads: list[Path] = []
    real = binary._read

    def read_noted(path: Path) -> binary.Binary:
        reads.append(path)
        return real(path)

    monkeypatch.setattr(binary, "_read", read_noted)
    found = []
    for _ in range(2):
        with stat_cache.of(tmp_path):
            found.append(read(library))
    assert found[0] == found[1] == real(library)
    assert reads == [library]
    write_elf(library, "aarch64", symbols=(OLD_ABI,))
    with stat_cache.of(tmp_path):
        assert (read(library).platform, read(library).cxx11_abi) == ("linux-aarch64", False)
