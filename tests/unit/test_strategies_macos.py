"""What is linked for macOS, judged without a Mac; and the stub of its libc++."""

from __future__ import annotations

import struct
from dataclasses import replace
from pathlib import Path

import pytest

from tsgen.errors import BuildError
from tsgen.matrix.strategies import libcxx, linked, macho, macos
from tsgen.matrix.strategies.libcxx_symbols import FILESYSTEM, FIRST_ABI, MEMORY
from tsgen.matrix.strategies.macho import LIBCXX, Image
from tsgen.system import process

from .binaries import write_elf, write_macho

ROOT = Path("/libtorch")
CPU, C10, SYSTEM = "@rpath/libtorch_cpu.dylib", "@rpath/libc10.dylib", "/usr/lib/libSystem.B.dylib"


def library(*, minimum: str = "14.0", exports: tuple[str, ...] = (), binds: tuple[str, ...] = ()) -> Image:
    return Image(
        machine="arm64",
        system="macos",
        minimum_os=minimum,
        loads=(LIBCXX,),
        run_paths=(),
        binds={LIBCXX: frozenset(binds)},
        exports=frozenset(exports),
        ad_hoc=True,
    )


PROGRAM = replace(
    library(),
    loads=(CPU, C10, LIBCXX, SYSTEM),
    run_paths=("/libtorch/lib",),
    binds={CPU: frozenset({"_load"}), C10: frozenset({"_check"}), LIBCXX: frozenset({"___cxa_throw", "__ZdlPvm"})},
)


@pytest.fixture(autouse=True)
def libraries(monkeypatch: pytest.MonkeyPatch) -> dict[str, Image]:
    there = {
        "libtorch_cpu.dylib": library(exports=("_load", "_save"), binds=("___cxa_throw",)),
        "libc10.dylib": library(exports=("_check",), minimum="11.0", binds=("__Znwm",)),
    }
    monkeypatch.setattr(macho, "read", lambda path: there[path.name])
    monkeypatch.setattr(linked, "libraries", lambda root: [root / "lib" / name for name in there])
    return there


def refused(program: Image, match: str) -> None:
    with pytest.raises(BuildError, match=match):
        linked.check(program, ROOT, "arm64")


def with_binds(library: str, *symbols: str) -> Image:
    return replace(PROGRAM, binds={**PROGRAM.binds, library: frozenset(symbols)})


def test_the_openmp_of_libtorch_is_one_of_its_libraries(libraries: dict[str, Image]) -> None:
    libraries["libomp.dylib"] = library(exports=("___kmpc_fork_call",))
    openmp = "@rpath/libomp.dylib"
    loads = (*PROGRAM.loads, openmp)
    right = replace(with_binds(openmp, "___kmpc_fork_call"), loads=loads)
    assert "each of the 3 symbols" in linked.check(right, ROOT, "arm64")[3]
    wrong = replace(with_binds(openmp, "_GOMP_parallel"), loads=loads)
    refused(wrong, "libomp.dylib does not export _GOMP_parallel")


def test_what_is_right_is_said() -> None:
    assert linked.check(PROGRAM, ROOT, "arm64") == (
        "a Mach-O program for arm64, for macOS 14.0 and newer",
        "loads LibTorch's CPU libraries, the system's libc++ and libSystem",
        "its run path leads to LibTorch",
        "each of the 2 symbols that it takes from LibTorch is exported there",
        "signed ad hoc",
    )


def test_the_minimum_os_is_that_of_the_newest_library(libraries: dict[str, Image]) -> None:
    refused(replace(PROGRAM, minimum_os="15.0"), r"minimum macOS is 15\.0, and with this LibTorch it must be 14\.0")
    refused(replace(PROGRAM, minimum_os="11.0"), r"minimum macOS is 11\.0, and with this LibTorch it must be 14\.0")
    libraries["libc10.dylib"] = replace(libraries["libc10.dylib"], minimum_os="14.2")
    refused(PROGRAM, r"minimum macOS is 14\.0, and with this LibTorch it must be 14\.2")
    libraries.update({name: replace(library, minimum_os="10.9") for name, library in libraries.items()})
    refused(PROGRAM, r"must be 10\.15")


def test_a_program_for_another_machine_or_system_is_refused() -> None:
    refused(replace(PROGRAM, machine="x86_64"), "is for macos x86_64, not for macos arm64")
    refused(replace(PROGRAM, system="ios"), "is for ios arm64")


def test_a_static_libcxx_is_refused() -> None:
    refused(replace(PROGRAM, loads=(CPU, C10, SYSTEM)), "a libc\\+\\+ of its own instead of the system's")


def test_what_it_loads_is_looked_at() -> None:
    refused(replace(PROGRAM, loads=(CPU, LIBCXX, SYSTEM)), "does not load @rpath/libc10.dylib")
    refused(replace(PROGRAM, loads=(*PROGRAM.loads, "/opt/x.dylib")), "loads /opt/x.dylib too")
    linked.check(replace(PROGRAM, loads=(*PROGRAM.loads, "@rpath/libapp-ops.dylib")), ROOT, "arm64")


def test_a_run_path_elsewhere_is_refused() -> None:
    refused(replace(PROGRAM, run_paths=()), "does not lead to /libtorch/lib \\(it has none\\)")


def test_a_symbol_that_is_not_exported_is_refused() -> None:
    refused(with_binds(CPU, "_load", "_gone", "_lost"), "libtorch_cpu.dylib does not export _gone and 1 more")
    refused(with_binds(C10, "_load"), "libc10.dylib does not export _load")
    refused(with_binds(macho.ANYWHERE, "_gone"), "no library was found to have _gone")
    newer = "__ZNSt3__113__hash_memoryEPKvm"
    refused(with_binds(LIBCXX, newer), f"minimum macOS does not export {newer}")


def test_a_program_without_libtorch_proves_nothing() -> None:
    refused(replace(PROGRAM, binds={}), "takes no symbol from LibTorch")


def test_only_apple_silicon_asks_for_a_signature() -> None:
    refused(replace(PROGRAM, ad_hoc=False), "no ad-hoc signature")
    assert len(linked.check(replace(PROGRAM, ad_hoc=False, machine="x86_64"), ROOT, "x86_64")) == 4


def test_the_stub_has_what_the_libraries_take_and_no_more() -> None:
    names = libcxx.symbols(linked.libraries(ROOT))
    assert names == {"___cxa_throw", "__Znwm", *MEMORY, *FILESYSTEM, *FIRST_ABI}
    text = libcxx.stub(names, "arm64")
    assert text.startswith("--- !tapi-tbd\ntbd-version: 4\ntargets: [ arm64-macos ]\n")
    assert text.endswith("      '___cxa_throw' ]\n...\n")
    assert "install-name: '/usr/lib/libc++.1.dylib'\n" in text
    assert [line.strip(" ,]'") for line in text.splitlines() if line.startswith("      ")] == sorted(names)


@pytest.mark.parametrize(("flags", "ad_hoc"), [(0x20002, True), (0x2, True), (0x10000, False)])
def test_a_signature_without_an_identity_is_ad_hoc(flags: int, ad_hoc: bool) -> None:  # noqa: FBT001
    directory = struct.pack(">4I", 0xFADE0C02, 16, 0x20400, flags)
    signature = struct.pack(">5I", 0xFADE0CC0, 20 + len(directory), 1, 0, 20) + directory
    assert macho.is_ad_hoc(signature) is ad_hoc


def test_the_compiler_links_with_the_systems_libcxx_and_compiles_without_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    zig = tmp_path / "the zig"
    zig.write_text('#!/bin/sh\necho "$@"\n')
    zig.chmod(0o755)
    monkeypatch.setattr(macos, "_zig", lambda: zig)
    macos._write_tools(tmp_path / "leg", "aarch64-macos.14.0", "14.0")
    run = process.run
    compiled = run([tmp_path / "leg/zig/c++", "-O2", "-c", "main.cpp"]).stdout
    assert compiled.startswith("c++ -target aarch64-macos.14.0 ")
    assert "-D_LIBCPP_HAS_VENDOR_AVAILABILITY_ANNOTATIONS=1 -O2 -c main.cpp" in compiled
    assert "-nostdlib++" not in compiled
    joined = run([tmp_path / "leg/zig/c++", "main.o", "-o", "app"]).stdout
    assert joined.endswith(f"main.o -o app -nostdlib++ {tmp_path}/leg/libc++.tbd\n")
    assert run([tmp_path / "leg/bin/sw_vers", "-productVersion"]).stdout == "14.0\n"


def test_a_real_file_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    image = macho.read(write_macho(tmp_path / "libc10.dylib", "x86_64", minimum=(10, 13), old_command=True))
    assert (image.machine, image.system, image.minimum_os) == ("x86_64", "macos", "10.13")
    assert macho.read(write_macho(tmp_path / "libnew.dylib", minimum=(14, 2))).minimum_os == "14.2"
    with pytest.raises(BuildError, match=r"libc10.so is not a Mach-O file"):
        macho.read(write_elf(tmp_path / "libc10.so"))
