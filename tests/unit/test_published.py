"""`tsgen libtorch`, from the words of the command line to the store, with a server in place of the official one."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

from tsgen.libtorch import catalog
from tsgen.libtorch.providers import wheel
from tsgen.libtorch.store import open_store
from tsgen.libtorch.wheels.pip import UnreachableError
from tsgen.project import lock
from tsgen.system import files

from .archive_server import archive_server
from .make import libtorch, torch_folder
from .test_generated import LIBTORCH_SCHEMA

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from .archive_server import Server
    from .conftest import Tsgen

VERSION = "2.9.1"  # nobody has published a hash of this one
PIN = "945c5a3d946a28b387ad9dc9fddda7ba03e35fae1375b84ebff15df789436f82"  # of three independent sources
FETCH = ("libtorch", "fetch", "--platform", "linux-x86_64", "--torch-version", VERSION, "--libtorch", "archive")


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Server]:
    with archive_server() as running:
        monkeypatch.setenv("TSGEN_MIRROR", running.url)
        monkeypatch.setenv("TSGEN_STORE", str(tmp_path / "store"))
        yield running


def zip_of(folder: Path) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as opened:
        for path in sorted(folder.rglob("*")):
            opened.write(path, f"libtorch/{path.relative_to(folder).as_posix()}")
    return buffer.getvalue()


def serve(server: Server, folder: Path, version: str = VERSION, **torch: Any) -> str:
    """Returns the sha256 of what is served as the archive of `version`."""
    torch_folder(folder, f"{version}+cpu", **torch)
    (folder / "include/torch/script.h").write_text("#pragma once\n", encoding="utf-8")
    content = zip_of(folder)
    archive = catalog.find(VERSION, "linux-x86_64").archive
    assert archive
    server.serve(archive.url.removeprefix("https://download.pytorch.org/"), content)
    target = folder.with_suffix(".zip")
    target.write_bytes(content)
    return files.sha256(target)


def test_an_archive_is_fetched_checked_and_kept(server: Server, tsgen: Tsgen, tmp_path: Path) -> None:
    sha256 = serve(server, tmp_path / "torch")
    assert tsgen(*FETCH, "--json") == 0, tsgen.err
    fetched = tsgen.document
    jsonschema.validate(fetched, LIBTORCH_SCHEMA)
    assert (fetched["version"], fetched["origin"], fetched["accelerator"]) == (VERSION, "archive", "cpu")
    assert [source["sha256"] for source in fetched["sources"]] == [sha256]
    assert fetched["sources"][0]["url"].startswith("https://download.pytorch.org/")
    (entry,) = open_store().entries()
    assert str(entry.root) == fetched["root"]
    assert (entry.root / "lib/libtorch_cpu.so").is_file()


def test_the_second_time_costs_no_request(server: Server, tsgen: Tsgen, tmp_path: Path) -> None:
    serve(server, tmp_path / "torch")
    assert tsgen(*FETCH) == 0
    asked = len(server.requests)
    assert tsgen(*FETCH, "--offline") == 0
    assert tsgen(*FETCH) == 0
    assert len(server.requests) == asked > 0


def test_what_is_something_else_is_refused_and_not_kept(server: Server, tsgen: Tsgen, tmp_path: Path) -> None:
    serve(server, tmp_path / "torch", machine="aarch64")
    assert tsgen(*FETCH) == 3
    assert "machine: expected linux-x86_64, came linux-aarch64" in tsgen.err
    assert open_store().entries() == []
    assert tsgen(*FETCH, "--offline") == 3


def test_another_version_under_the_name_is_refused(server: Server, tsgen: Tsgen, tmp_path: Path) -> None:
    serve(server, tmp_path / "torch", "2.9.0")
    assert tsgen(*FETCH) == 3
    assert f"version: expected {VERSION}, came 2.9.0" in tsgen.err


def test_what_the_lock_pins_is_what_is_fetched(server: Server, tsgen: Tsgen, tmp_path: Path) -> None:
    serve(server, tmp_path / "torch")
    assert tsgen(*FETCH, "--json") == 0
    pin = libtorch(version=VERSION, origin="archive", sources=open_store().entries()[0].sources).pin
    project = tmp_path / "project"
    lock.write(project, {}, [pin])
    locked = ("libtorch", "fetch", str(project), "--locked", "--platform", "linux-x86_64")
    assert tsgen(*locked) == 0
    assert tsgen("libtorch", "prune", "--name", open_store().entries()[0].name) == 0
    server.files = {name: content + b"changed" for name, content in server.files.items()}
    assert tsgen(*locked) == 9
    assert "sha256" in tsgen.err
    assert open_store().entries() == []


def test_the_store_is_no_way_around_the_lock(server: Server, tsgen: Tsgen, tmp_path: Path) -> None:
    """What was fetched first by someone else is not what this project has locked."""
    serve(server, tmp_path / "torch")
    assert tsgen(*FETCH) == 0
    sources = open_store().entries()[0].sources
    other = tuple(replace(source, sha256="0" * 64) for source in sources)
    lock.write(tmp_path, {}, [libtorch(version=VERSION, origin="archive", sources=other).pin])
    assert tsgen("libtorch", "fetch", str(tmp_path), "--locked", "--platform", "linux-x86_64") == 9


def test_offline_a_store_of_other_bytes_is_refused_as_such(server: Server, tsgen: Tsgen, tmp_path: Path) -> None:
    serve(server, tmp_path / "torch")
    assert tsgen(*FETCH) == 0
    other = tuple(replace(source, sha256="0" * 64) for source in open_store().entries()[0].sources)
    lock.write(tmp_path, {}, [libtorch(version=VERSION, origin="archive", sources=other).pin])
    words = ("libtorch", "fetch", str(tmp_path), "--locked", "--platform", "linux-x86_64", "--offline")
    assert tsgen(*words) == 9
    assert "made of other files than tsgen.lock names" in tsgen.err


@pytest.mark.parametrize(
    "words", [["--torch-version", "2.9.0"], ["--cuda"], ["--libtorch", "wheel"], ["--abi", "cxx11"]]
)
def test_locked_takes_no_other_words(words: list[str], tsgen: Tsgen, tmp_path: Path) -> None:
    lock.write(tmp_path, {}, [libtorch().pin])
    assert tsgen("libtorch", "fetch", str(tmp_path), "--locked", *words) == 2
    assert f"{words[0].replace('--cuda', '--accelerator')} would name another" in tsgen.err


@pytest.mark.parametrize(("word", "status"), [("2.13", 0), ("2.13.0+cu130", 2), ("2.13.0", 0)])
def test_a_version_has_three_numbers_and_no_accelerator(word: str, status: int, tsgen: Tsgen) -> None:
    assert tsgen("libtorch", "resolve", "--platform", "linux-x86_64", "--torch-version", word, "--json") == status
    assert status or "2.13.0%2Bcpu.zip" in tsgen.document["archive"]["url"]


def test_a_folder_without_a_lock_is_told_so(tsgen: Tsgen, tmp_path: Path) -> None:
    assert tsgen("libtorch", "fetch", str(tmp_path), "--locked") == 2
    assert "there is no" in tsgen.err


def test_a_lock_without_the_platform_says_which_it_has(tsgen: Tsgen, tmp_path: Path) -> None:
    lock.write(tmp_path, {}, [libtorch().pin])
    assert tsgen("libtorch", "fetch", str(tmp_path), "--locked", "--platform", "macos-arm64") == 2
    assert "it has linux-x86_64 release" in tsgen.err
    assert tsgen("libtorch", "fetch", str(tmp_path), "--locked", "--platform", "linux-x86_64") == 2
    assert "pins no files" in tsgen.err


def test_when_wheel_and_archive_fail_both_are_told(
    server: Server, tsgen: Tsgen, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nowhere(*_: object, **__: object) -> None:
        raise UnreachableError("no index answers", hint="")

    monkeypatch.setattr(wheel, "make_tree", nowhere)
    words = ("libtorch", "fetch", "--platform", "linux-x86_64", "--torch-version", VERSION, "--json")
    assert tsgen(*words) == 3
    error = tsgen.document["error"]
    assert "404" in error["message"] + error["hint"]
    assert "wheel: no index answers" in error["details"]
    assert len(server.requests) == 1


def test_offline_says_what_is_missing_and_how_it_comes(server: Server, tsgen: Tsgen) -> None:
    assert tsgen(*FETCH, "--offline", "--json") == 3
    error = tsgen.document["error"]
    assert f"LibTorch {VERSION} cpu for linux-x86_64 is not on this machine" in error["message"]
    assert f"fetch --libtorch archive --platform linux-x86_64 --torch-version {VERSION}" in error["hint"]
    assert server.requests == []


def test_the_store_is_listed_verified_and_pruned(server: Server, tsgen: Tsgen, tmp_path: Path) -> None:
    serve(server, tmp_path / "torch")
    assert tsgen(*FETCH) == 0
    (entry,) = open_store().entries()
    assert tsgen("libtorch", "list", "--stored", "--json") == 0
    jsonschema.validate(tsgen.document, LIBTORCH_SCHEMA)
    assert [row["name"] for row in tsgen.document["stored"]] == [entry.name]
    assert tsgen.document["stored"][0]["bytes"] > 0
    assert tsgen("libtorch", "verify", "--json") == 0
    assert tsgen.document["problems"] == {entry.name: []}
    library = entry.root / "lib/libtorch_cpu.so"
    library.chmod(0o644)
    library.write_bytes(b"X" + library.read_bytes()[1:])
    assert tsgen("libtorch", "verify") == 9
    assert entry.name in tsgen.err
    assert "libtorch_cpu.so" in tsgen.err
    assert tsgen("libtorch", "prune", "--dry-run") == 0
    assert "would be" in tsgen.out
    assert entry.folder.is_dir()
    assert tsgen("libtorch", "prune", "--json") == 0
    jsonschema.validate(tsgen.document, LIBTORCH_SCHEMA)
    assert not entry.folder.exists()


def test_prune_keeps_what_a_project_has_locked(server: Server, tsgen: Tsgen, tmp_path: Path) -> None:
    serve(server, tmp_path / "torch")
    assert tsgen(*FETCH) == 0
    (entry,) = open_store().entries()
    lock.write(tmp_path / "project", {}, [libtorch(version=VERSION, origin="archive", sources=entry.sources).pin])
    open_store().use(entry, tmp_path / "project")
    assert tsgen("libtorch", "prune") == 0
    assert entry.folder.is_dir()


def test_resolve_answers_with_every_field_and_without_network(server: Server, tsgen: Tsgen) -> None:
    words = ("--platform", "linux-aarch64", "--torch-version", "2.14.1", "--accelerator", "cuda", "--json")
    assert tsgen("libtorch", "resolve", *words) == 0
    answer = tsgen.document
    jsonschema.validate(answer, LIBTORCH_SCHEMA)
    assert answer["archive"] is None
    assert answer["wheel"]["requirement"] == "torch==2.14.1"
    assert answer["cxx11_abi"] is True
    assert answer["cxx_standard"] == 20
    assert answer["floors"] == {"glibc": "2.28", "cmake": "3.18", "cuda_toolkit": "12.6", "macos": None}
    assert server.requests == []


@pytest.mark.parametrize("provider", ["wheel", "archive"])
def test_a_provider_that_has_it_not_names_the_one_that_has(provider: str, tsgen: Tsgen) -> None:
    wanted = {"wheel": ("windows-arm64", "2.10.0", "archive"), "archive": ("linux-aarch64", "2.14.1", "wheel")}
    platform, version, other = wanted[provider]
    words = ("--platform", platform, "--torch-version", version, "--libtorch", provider)
    assert tsgen("libtorch", "resolve", *words) == 3
    assert f"--libtorch {other} has it" in tsgen.err


def test_the_answer_for_people_names_file_hash_and_source(tsgen: Tsgen) -> None:
    words = ("--platform", "linux-x86_64", "--torch-version", "2.13.0", "--cuda")
    assert tsgen("libtorch", "resolve", *words) == 0
    for part in (
        "cu130",
        "2.13.0%2Bcu130.zip",
        PIN,
        "torch==2.13.0",
        "pytorch#183971",
        "glibc 2.28",
    ):
        assert part in tsgen.out


def test_the_matrix_is_a_table_and_a_document(tsgen: Tsgen, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TSGEN_STORE", str(tmp_path))
    assert tsgen("libtorch", "list", "--platform", "windows-x86_64", "--torch-version", "2.12.0") == 0
    assert "2.12.0" in tsgen.out
    assert "cpu(d) cu126(d) cu130(d) cu132(d)" in tsgen.out
    assert tsgen("libtorch", "list", "--json") == 0
    jsonschema.validate(tsgen.document, LIBTORCH_SCHEMA)
    assert len(tsgen.document["distributions"]) == len(list(catalog.everything()))


def test_a_store_that_is_empty_is_whole(tsgen: Tsgen, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TSGEN_STORE", str(tmp_path / "none"))
    assert tsgen("libtorch", "verify") == 0
    assert "empty" in tsgen.out
    assert tsgen("libtorch", "prune") == 0
    assert not (tmp_path / "none").exists()
