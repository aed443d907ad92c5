"""The catalog against the evidence, row by row: names of archives, hashes, wheels, accelerators, floors."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from packaging.version import Version

from tsgen.libtorch import catalog
from tsgen.libtorch.catalog import load
from tsgen.types import PLATFORMS

if TYPE_CHECKING:
    from tsgen.types import BuildType, Distribution

EVIDENCE = Path(__file__).parent / "evidence"
ABIS = {"cxx11": True, "pre-cxx11": False}
TAGS = {
    "linux-x86_64": r"manylinux\w*_x86_64",
    "linux-aarch64": r"manylinux\w*_aarch64",
    "macos-arm64": r"macosx_\d+_\d+_arm64",
    "macos-x86_64": r"macosx_\d+_\d+_x86_64",
    "windows-x86_64": "win_amd64",
}
EVERYTHING = tuple(catalog.everything())


def rows(name: str) -> list[list[str]]:
    lines = (EVIDENCE / name).read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if not line.startswith("#")]


@pytest.mark.parametrize("row", rows("archives.tsv"), ids="/".join)
def test_an_archive_has_the_name_that_was_seen(row: list[str]) -> None:
    platform, version, accelerator, build_type, abi, address, _ = row
    kind: BuildType = "debug" if build_type == "debug" else "release"
    found = catalog.find(version, platform, accelerator, kind, cxx11_abi=ABIS[abi])
    assert found.archive
    assert found.archive.url == f"https://download.pytorch.org/libtorch/{address}"
    assert found.archive.file == address.rpartition("/")[2].replace("%2B", "+")


@pytest.mark.parametrize("pin", sorted(load.pins()))
def test_every_pin_is_of_an_archive_that_the_rules_name(pin: str) -> None:
    accelerator, _, file = pin.partition("/")
    (found,) = (
        each for each in EVERYTHING if each.archive and (each.accelerator, each.archive.file) == (accelerator, file)
    )
    assert found.archive
    assert found.archive.sha256 == load.pins()[pin]
    assert found.version in file


def test_no_two_archives_have_one_address() -> None:
    addresses = [each.archive.url for each in EVERYTHING if each.archive]
    assert len(addresses) == len(set(addresses))


@pytest.mark.parametrize("platform", sorted(TAGS))
def test_the_wheels_are_those_of_the_package_index(platform: str) -> None:
    seen: dict[str, set[tuple[str, frozenset[str]]]] = {}
    for version, tag, pythons in rows("wheels.tsv"):
        if re.fullmatch(TAGS[platform], tag):
            seen.setdefault(version, set()).add((tag, frozenset(pythons.split())))
    named = {
        each.version: (each.wheel.platform_tag, frozenset(each.wheel.python_tags))
        for each in EVERYTHING
        if each.platform == platform and each.wheel and not each.wheel.index
    }
    # Where Pythons differ in their tag, one of the tags will do.
    assert {version: named[version] in wheels for version, wheels in seen.items()} == dict.fromkeys(seen, True)
    assert set(named) == set(seen)


@pytest.mark.parametrize("row", rows("cuda_of_wheels.tsv"), ids="/".join)
def test_a_wheel_is_built_for_the_cuda_that_its_metadata_names(row: list[str]) -> None:
    version, tag, cuda = row
    accelerators = {
        each.accelerator
        for each in EVERYTHING
        if each.version == version and each.wheel and not each.wheel.index and each.wheel.platform_tag == tag
    }
    assert accelerators == {"cpu" if cuda == "-" else cuda}


def test_there_is_no_wheel_for_windows_on_arm() -> None:
    assert [each for each in EVERYTHING if each.platform == "windows-arm64" and each.wheel] == []


@pytest.mark.parametrize("row", rows("accelerators.tsv"), ids=lambda row: row[0])
def test_a_release_has_the_accelerators_of_its_build_matrix(row: list[str]) -> None:
    version, names = row
    linux = {each.accelerator for each in EVERYTHING if (each.version, each.platform) == (version, "linux-x86_64")}
    assert linux == {"cpu", *names.split()}
    windows = {each.accelerator for each in EVERYTHING if (each.version, each.platform) == (version, "windows-x86_64")}
    assert windows <= {name for name in linux if not name.startswith("rocm")}


def test_every_release_on_the_package_index_is_known() -> None:
    assert set(catalog.versions()) == {version for version, *_ in rows("wheels.tsv")}


def linux(version: str, accelerator: str = "cpu", abi: str | None = None) -> Distribution:
    return catalog.find(version, "linux-x86_64", accelerator, cxx11_abi=ABIS[abi] if abi else None)


@pytest.mark.parametrize(
    ("version", "abi", "stem"),
    [
        ("2.6.0", "pre-cxx11", "libtorch-shared-with-deps"),
        ("2.6.0", "cxx11", "libtorch-cxx11-abi-shared-with-deps"),
        ("2.7.1", "cxx11", "libtorch-cxx11-abi-shared-with-deps"),
        ("2.8.0", "cxx11", "libtorch-shared-with-deps"),
    ],
)
def test_one_stem_meant_two_abis(version: str, abi: str, stem: str) -> None:
    archive = linux(version, abi=abi).archive
    assert archive
    assert archive.file == f"{stem}-{version}+cpu.zip"


def test_without_an_abi_it_is_that_of_the_wheel_which_python_runs() -> None:
    assert [linux(version).cxx11_abi for version in ("1.13.1", "2.6.0", "2.7.0", "2.15.0")] == [
        False,
        False,
        True,
        True,
    ]
    assert linux("2.6.0", "cu126").cxx11_abi
    aarch64 = [catalog.find(version, "linux-aarch64").cxx11_abi for version in ("2.5.1", "2.6.0")]
    assert aarch64 == [False, True]


@pytest.mark.parametrize(
    ("version", "standard", "cmake", "toolkit"),
    [
        ("1.4.0", 11, "3.0", None),
        ("1.5.0", 14, "3.16", None),
        ("1.13.1", 14, "3.16", "10.2"),
        ("2.0.1", 17, "3.16", "11.0"),
        ("2.8.0", 17, "3.16", "11.0"),
        ("2.9.1", 17, "3.16", "12.0"),
        ("2.10.0", 17, "3.18", "12.0"),
        ("2.11.0", 17, "3.18", "12.0"),
        ("2.12.1", 20, "3.18", "12.1"),
        ("2.14.1", 20, "3.18", "12.6"),
    ],
)
def test_the_floors_of_a_version(version: str, standard: int, cmake: str, toolkit: str | None) -> None:
    found = linux(version, "cuda")
    assert (found.cxx_standard, found.floors.cmake, found.floors.cuda_toolkit) == (standard, cmake, toolkit)
    assert linux(version).floors.cuda_toolkit is None


@pytest.mark.parametrize(
    ("version", "abi", "glibc"),
    [
        ("1.5.0", "cxx11", "2.23"),
        ("1.13.1", "cxx11", "2.27"),
        ("2.1.0", "cxx11", "2.29"),
        ("2.7.1", "cxx11", "2.29"),
        ("2.5.1", "pre-cxx11", "2.17"),
        ("2.13.0", "cxx11", "2.28"),
        ("2.15.0", "cxx11", "2.28"),
    ],
)
def test_the_glibc_floor_is_the_archives_else_the_wheels(version: str, abi: str, glibc: str) -> None:
    assert linux(version, abi=abi).floors.glibc == glibc


def test_the_glibc_floor_on_aarch64_is_the_wheels() -> None:
    floors = [catalog.find(version, "linux-aarch64").floors.glibc for version in ("2.5.1", "2.6.0")]
    assert floors == ["2.17", "2.28"]


@pytest.mark.parametrize(("version", "macos"), [("2.2.2", "11.0"), ("2.11.0", "11.0"), ("2.12.0", "14.0")])
def test_the_macos_floor(version: str, macos: str) -> None:
    found = catalog.find(version, "macos-arm64")
    assert (found.floors.macos, found.floors.glibc) == (macos, None)


def test_a_wheel_says_how_pip_is_asked() -> None:
    on_the_index, own = linux("2.14.1", "cuda").wheel, linux("2.14.1", "cu126").wheel
    assert on_the_index
    assert (on_the_index.requirement, on_the_index.index, on_the_index.accelerator) == ("torch==2.14.1", None, "cu130")
    assert own
    assert (own.requirement, own.index) == ("torch==2.14.1+cu126", "https://download.pytorch.org/whl/cu126")


def test_debug_and_release_share_a_libtorch_but_on_windows() -> None:
    assert catalog.find("2.14.1", "linux-x86_64", "cpu", "debug").archive == linux("2.14.1").archive
    debug, release = (catalog.find("2.10.0", "windows-x86_64", "cpu", kind) for kind in ("debug", "release"))
    assert debug.archive
    assert debug.archive != release.archive
    assert (debug.wheel, debug.origin) == (None, "archive")


def test_what_was_never_seen_is_said_to_be_so() -> None:
    assert "not confirmed" in linux("2.15.0", "cu130").source
    assert "not confirmed" not in linux("2.15.0", "cu132").source


def test_an_archive_that_lacks_libraries_says_so() -> None:
    assert "NVIDIA" in " ".join(linux("2.13.0", "cu130").remarks)
    assert "ARM64" in " ".join(catalog.find("2.12.1", "windows-x86_64").remarks)


def test_everything_is_found_by_its_own_name() -> None:
    for each in EVERYTHING:
        again = catalog.find(each.version, each.platform, each.accelerator, each.build_type, cxx11_abi=each.cxx11_abi)
        assert again == each
        assert each.source
    assert {each.platform for each in EVERYTHING} == set(PLATFORMS)


def test_every_row_of_the_data_is_used_and_has_its_source() -> None:
    assert all(release.source for release in load.releases().values())
    used = {each.source.rpartition("; ")[2] for each in EVERYTHING} | {
        part for each in EVERYTHING for part in each.source.split("; ")
    }
    for rule in load.archive_rules():
        assert rule.source.rpartition("; ")[2] in used, rule
    for table in ("cxx_standard", "cmake", "cuda_toolkit", "glibc", "glibc_of_tag", "macos"):
        assert all(row.source for row in load.rows("floors", table))


def test_the_newest_comes_first() -> None:
    parsed = [Version(version) for version in catalog.versions()]
    assert parsed == sorted(parsed, reverse=True)
