"""Downloads that cannot succeed: what the user is told."""

from __future__ import annotations

import io
import shutil
import time
from typing import TYPE_CHECKING, NamedTuple

import pytest
import requests
from requests.adapters import HTTPAdapter

from tsgen.errors import LibTorchError
from tsgen.system import fetch
from tsgen.system.fetch.partial import Partial
from tsgen.system.fetch.refusals import InterruptedTransferError
from tsgen.system.fetch.transfer import Session, transfer

from .archive_server import (
    CONTENT,
    NAME,
    QUICK,
    S3_DENIES,
    cut_after,
    download,
    hash_of,
    refusal,
    silent,
    status,
    unused_port,
)

if TYPE_CHECKING:
    from pathlib import Path

    from .archive_server import Server


class Usage(NamedTuple):
    total: int
    used: int
    free: int


def test_416_to_a_plain_question_is_a_refusal(server: Server, target: Path) -> None:
    server.always = status(416)
    assert "416" in refusal(server, target).message
    assert len(server.requests) == 1


def test_a_server_that_stays_out_of_order_is_given_up(server: Server, target: Path) -> None:
    server.always = status(503)
    error = refusal(server, target)
    assert "the server answered 503 Service Unavailable (tried 3 times)" in error.message
    assert "--offline" in error.hint
    assert "TSGEN_MIRROR" in error.hint


def test_403_is_explained_with_all_it_can_mean(server: Server, target: Path) -> None:
    server.files.clear()
    error = refusal(server, target)
    assert error.exit_code == 3
    assert f"{NAME}: it answered 403 Forbidden" in error.message
    assert error.details == "AccessDenied Access Denied"
    for meaning in ("no such file", "proxy", "moved", "TSGEN_MIRROR", "wheel"):
        assert meaning in error.hint
    assert len(server.requests) == 1


def test_404_is_explained(server: Server, target: Path) -> None:
    server.always = status(404, b"<h1>gone</h1> \x1b[31m")
    error = refusal(server, target)
    assert "404 Not Found" in error.message
    assert "not published there" in error.hint
    assert error.details == "gone [31m"


@pytest.mark.parametrize("code", [400, 401, 407, 451])
def test_other_refusals_are_not_asked_again(server: Server, target: Path, code: int) -> None:
    server.always = status(code, S3_DENIES)
    assert str(code) in refusal(server, target).message
    assert len(server.requests) == 1


def test_a_refused_connection_says_so(target: Path) -> None:
    with pytest.raises(LibTorchError, match=r"a\.zip: Connection refused \(tried 3 times\)") as caught:
        fetch.download(f"http://127.0.0.1:{unused_port()}/a.zip", target, patience=QUICK)
    assert "--offline" in caught.value.hint


def test_a_server_that_says_nothing_is_not_waited_for_forever(server: Server, target: Path) -> None:
    server.always = silent
    begun = time.monotonic()
    assert "no answer in time (tried 3 times)" in refusal(server, target).message
    assert time.monotonic() - begun < 5


class Short(HTTPAdapter):
    """Old versions of urllib3 do not compare what came with what was promised."""

    def send(self, request: requests.PreparedRequest, *_: object, **__: object) -> requests.Response:
        response = requests.Response()
        response.status_code, response.request, response.url = 200, request, str(request.url)
        response.headers["Content-Length"] = "10"
        response.raw = io.BytesIO(b"123456789")
        return response


def test_an_early_end_is_seen_where_the_library_does_not_see_it(target: Path) -> None:
    target.parent.mkdir()
    session = Session()
    session.mount("http://", Short())
    with pytest.raises(InterruptedTransferError, match="ended too early"):
        transfer(session, "http://127.0.0.1/a.zip", Partial(target), QUICK)


@pytest.mark.parametrize("url", ["ftp://127.0.0.1/a.zip", "http:///a.zip", "a.zip"])
def test_a_url_that_is_none_is_not_tried_again(target: Path, url: str) -> None:
    with pytest.raises(LibTorchError, match="cannot download"):
        fetch.download(url, target, patience=fetch.Patience(pause_seconds=60))


@pytest.mark.parametrize(("free", "enough"), [(49_999, False), (50_000, True)])
def test_the_room_is_asked_for_first(
    server: Server, target: Path, monkeypatch: pytest.MonkeyPatch, *, free: int, enough: bool
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(10**6, 10**6 - free, free))
    if enough:
        download(server, target)
        return
    error = refusal(server, target)
    assert "needs 50 kB, and 50 kB are free" in error.message
    assert "TSGEN_STORE" in error.hint
    assert target.with_name(f".{target.name}.part").stat().st_size == 0


def test_only_the_rest_needs_room(server: Server, target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    server.misdeeds = [cut_after(30_000), status(404)]
    refusal(server, target)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(10**6, 10**6 - 20_000, 20_000))
    assert download(server, target) == hash_of(CONTENT)


def test_a_folder_that_cannot_be_written_is_a_sentence(server: Server, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(LibTorchError, match="cannot write to"):
        download(server, tmp_path / "file" / "libtorch.zip")
