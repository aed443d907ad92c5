"""From the catalog's row to a folder with the LibTorch, through a real server in place of the official one."""

from __future__ import annotations

import shutil
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from tsgen.errors import TsgenError
from tsgen.libtorch import catalog
from tsgen.libtorch.providers.archive import make_tree
from tsgen.system import fetch
from tsgen.system.disk import DiskError
from tsgen.types import ArchiveFile, Distribution, Source

from .archive_server import QUICK, archive_server, cut_after, hash_of, status
from .archives import LIBTORCH, Entry, without_top, zipped
from .make import contents
from .test_fetch_refusals import Usage

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from .archive_server import Server
    from .conftest import Recorder

GOOD = zipped()
FILES = {"build-version", "lib/libc10.so", "lib/libtorch_cpu.so.2", "lib/libtorch_cpu.so", "include/torch/script.h",
         "share/cmake/Torch/TorchConfig.cmake", "bin/torch_shm_manager"}  # fmt: skip


def published(sha256: str | None = None, **changes: str) -> Distribution:
    """LibTorch 2.14.1 for Linux, as the catalog has it, with another hash."""
    found = catalog.find("2.14.1", "linux-x86_64")
    assert found.archive
    return replace(found, archive=replace(found.archive, sha256=sha256, **changes))


def archive_of(distribution: Distribution) -> ArchiveFile:
    assert distribution.archive
    return distribution.archive


def source(sha256: str, **changes: str) -> Source:
    archive = archive_of(published())
    return replace(Source(file=archive.file, url=archive.url, sha256=sha256), **changes)


class Place:
    """A target, a folder of downloads and the server."""

    def __init__(self, folder: Path, server: Server) -> None:
        self.target, self.downloads, self.server = folder / "tree", folder / "downloads", server
        self.serve(GOOD)

    def serve(self, content: bytes, distribution: Distribution | None = None) -> None:
        path = urlsplit(archive_of(distribution or published()).url).path
        self.server.serve(path.removeprefix("/"), content)

    def make(self, distribution: Distribution, *locked: Source) -> tuple[Source, ...]:
        mirror = self.server.url
        return make_tree(distribution, self.target, downloads=self.downloads, locked=locked, mirror=mirror)

    def refusal(self, distribution: Distribution, *locked: Source) -> TsgenError:
        with pytest.raises(TsgenError) as caught:
            self.make(distribution, *locked)
        return caught.value

    @property
    def kept(self) -> set[str]:
        """What the downloads folder holds, without locks."""
        found = self.downloads.iterdir() if self.downloads.is_dir() else ()
        return {path.name for path in found if path.suffix != ".lock"}


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    monkeypatch.setattr(fetch, "Patience", lambda: QUICK)
    with archive_server() as server:
        yield Place(tmp_path, server)


def test_a_pinned_zip_becomes_a_tree(place: Place, recorder: Recorder) -> None:
    assert place.make(published(hash_of(GOOD))) == (source(hash_of(GOOD)),)
    assert {name.removeprefix("libtorch/") for name in contents(place.target)} == FILES
    assert (place.target / "libtorch/lib/libtorch_cpu.so").is_symlink()
    assert place.kept == set()
    assert recorder.all("note") == []


def test_the_server_is_asked_for_the_name_that_is_published(place: Place) -> None:
    place.make(published())
    expected = "/libtorch/cpu/libtorch-shared-with-deps-2.14.1%2Bcpu.zip"
    assert [request.path for request in place.server.requests] == [expected]


def test_a_zip_without_a_top_folder_gives_the_same_tree(place: Place) -> None:
    place.serve(zipped(without_top()))
    place.make(published())
    assert {name.removeprefix("libtorch/") for name in contents(place.target)} == FILES


def test_what_lies_beside_the_top_folder_is_left_out(place: Place) -> None:
    place.serve(zipped([*LIBTORCH, Entry("__MACOSX/lib/a"), Entry("readme.txt")]))
    place.make(published())
    assert {name.removeprefix("libtorch/") for name in contents(place.target)} == FILES


def test_a_zip_without_a_known_hash_is_trusted_once_and_said_so(place: Place, recorder: Recorder) -> None:
    [trusted] = place.make(published())
    assert trusted.sha256 == hash_of(GOOD)
    [note] = recorder.all("note")
    assert hash_of(GOOD) in note
    shutil.rmtree(place.target)
    place.serve(zipped([*LIBTORCH, Entry("libtorch/lib/more")]))
    error = place.refusal(published(), trusted)
    assert error.exit_code == 9
    assert f"expected sha256 {hash_of(GOOD)}" in error.message
    assert contents(place.target) == {}


def test_a_zip_that_is_not_the_pinned_one_is_refused(place: Place) -> None:
    error = place.refusal(published("0" * 64))
    assert error.exit_code == 9
    assert contents(place.target) == {}
    assert place.kept == set()


def test_the_lock_and_the_catalog_have_to_agree(place: Place) -> None:
    error = place.refusal(published(hash_of(GOOD)), source("1" * 64))
    assert error.exit_code == 9
    assert f"{'1' * 64} by tsgen.lock" in error.message
    assert "tsgen.lock" in error.hint
    assert place.server.requests == []
    assert place.make(published(hash_of(GOOD)), source(hash_of(GOOD).upper()))[0].sha256 == hash_of(GOOD)


@pytest.mark.parametrize("other", [{"file": "torch-2.14.1.whl", "url": ""}, {"url": "https://example.org/a.zip"}])
def test_the_lock_may_name_another_file(place: Place, other: dict[str, str]) -> None:
    error = place.refusal(published(), source(hash_of(GOOD), **other))
    assert error.exit_code == 9
    assert place.server.requests == []


def test_what_is_published_nowhere_is_said(place: Place) -> None:
    distribution = catalog.find("2.14.1", "linux-aarch64")
    assert distribution.archive is None
    error = place.refusal(distribution)
    assert error.exit_code == 3
    assert "--libtorch wheel" in error.hint


def test_a_download_that_was_interrupted_goes_on_in_the_next_run(place: Place) -> None:
    place.server.misdeeds = [cut_after(1000), status(404)]
    place.refusal(published())
    assert contents(place.target) == {}
    place.server.requests.clear()
    place.make(published())
    assert place.server.ranges == ["bytes=1000-"]
    assert place.kept == set()


def test_a_zip_for_which_there_was_no_room_is_kept(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as full:
        full.setattr(shutil, "disk_usage", lambda _: Usage(10**6, 10**6 - len(GOOD), len(GOOD)))
        assert isinstance(place.refusal(published()), DiskError)
    assert len(place.server.requests) == 1
    place.make(published())
    assert len(place.server.requests) == 1


@pytest.mark.parametrize(
    ("content", "code", "said"),
    [
        (b"<html>log in first</html>", 3, "not a whole zip file: it begins with b'<html>"),
        (GOOD[:-100], 3, "its end is missing"),
        (zipped([*LIBTORCH, Entry("../evil", b"evil")]), 9, "leads out"),
        (zipped([Entry("other/lib/a"), Entry("other/include/b")]), 3, "found other"),
        (zipped([Entry("libtorch/lib/a")]), 3, "holds no LibTorch"),
        (zipped([]), 3, "found nothing"),
    ],
    ids=["page", "cut", "slip", "other top folder", "no include", "empty"],
)
def test_a_zip_that_is_at_fault_is_refused_and_asked_for_again(
    place: Place, content: bytes, code: int, said: str
) -> None:
    place.serve(content)
    error = place.refusal(published())
    assert error.exit_code == code
    assert said in error.message
    assert contents(place.target) == {}
    place.serve(GOOD)
    place.make(published())


def test_zips_of_one_name_and_two_urls_are_two(place: Place) -> None:
    """1.2.0 has the same file name for cpu and for cu100."""
    cpu = published(hash_of(GOOD))
    other = zipped([*LIBTORCH, Entry("libtorch/lib/libtorch_cuda.so")])
    cuda = published(hash_of(other), url=archive_of(cpu).url.replace("/cpu/", "/cu100/"))
    place.serve(other, cuda)
    place.server.misdeeds = [cut_after(1000), status(404)]
    place.refusal(cpu)
    place.make(cuda)
    shutil.rmtree(place.target)
    place.make(cpu)
    assert place.server.ranges == ["", "bytes=1000-", "", "bytes=1000-"]
