"""Downloads from a real server that misbehaves: the right bytes in the end, or a sentence that says what is wrong."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from tsgen import __version__
from tsgen.errors import UnsafeError
from tsgen.system import fetch

from .archive_server import (
    CONTENT,
    NAME,
    OTHER,
    QUICK,
    cut_after,
    download,
    hash_of,
    ignore_if_range,
    ignore_range,
    refusal,
    stall_after,
    status,
    without_validators,
)
from .make import contents

if TYPE_CHECKING:
    from pathlib import Path

    from .archive_server import Misdeed, Server
    from .conftest import Recorder


def interrupted(server: Server, target: Path, after: int) -> None:
    """An earlier run that gave up after `after` bytes."""
    server.misdeeds = [cut_after(after), status(503), status(503)]
    refusal(server, target)
    server.requests.clear()


def left(target: Path) -> set[str]:
    return {path.name for path in target.parent.iterdir() if path.suffix != ".lock"}


def test_a_file_is_downloaded_hashed_and_put_in_place(server: Server, target: Path) -> None:
    assert download(server, target, hash_of(CONTENT)) == hash_of(CONTENT)
    assert target.read_bytes() == CONTENT
    assert not target.with_name(f".{target.name}.part").exists()


def test_the_server_is_told_who_asks_and_the_name_keeps_its_escape(server: Server, target: Path) -> None:
    download(server, target)
    [request] = server.requests
    assert request.headers["user-agent"] == f"tsgen/{__version__}"
    assert request.headers["accept-encoding"] == "identity"
    assert request.path == f"/{NAME}"


def test_a_bare_plus_is_sent_escaped(server: Server, target: Path) -> None:
    fetch.download(f"{server.url}/{NAME.replace('%2B', '+')}", target, patience=QUICK)
    assert [request.path for request in server.requests] == [f"/{NAME}"]


def test_an_empty_file_is_a_file(server: Server, target: Path) -> None:
    server.serve(NAME, b"")
    assert download(server, target) == hash_of(b"")
    assert target.read_bytes() == b""


def test_a_broken_connection_is_continued_where_it_broke(server: Server, target: Path) -> None:
    server.misdeeds = [cut_after(20_000), cut_after(10_000)]
    assert download(server, target) == hash_of(CONTENT)
    assert target.read_bytes() == CONTENT
    assert server.ranges == ["", "bytes=20000-", "bytes=30000-"]


def test_a_line_that_breaks_often_is_no_reason_to_give_up_while_it_gets_further(server: Server, target: Path) -> None:
    server.misdeeds = [cut_after(5_000) for _ in range(9)]
    assert download(server, target) == hash_of(CONTENT)


def test_a_stalled_connection_is_given_up_and_continued(server: Server, target: Path) -> None:
    server.misdeeds = [stall_after(20_000)]
    begun = time.monotonic()
    assert download(server, target) == hash_of(CONTENT)
    assert time.monotonic() - begun < 5
    assert server.ranges == ["", "bytes=20000-"]


@pytest.mark.parametrize("code", [429, 500, 502, 503, 504])
def test_a_server_that_is_out_of_order_is_asked_again(server: Server, target: Path, code: int) -> None:
    server.misdeeds = [status(code), status(code)]
    assert download(server, target) == hash_of(CONTENT)
    assert len(server.requests) == 3


def test_a_file_that_always_ends_early_is_never_put_in_place(server: Server, target: Path) -> None:
    server.always = without_validators(cut_after(20_000))
    assert "the connection ended too early (tried 3 times)" in refusal(server, target).message.replace(
        "read, 30000 more expected", "of 50000 bytes"
    )


def test_a_later_run_continues_what_an_earlier_one_had(server: Server, target: Path) -> None:
    interrupted(server, target, 30_000)
    assert download(server, target) == hash_of(CONTENT)
    assert server.ranges == ["bytes=30000-"]
    assert server.requests[0].headers["if-range"]


def test_what_is_kept_is_said(server: Server, target: Path) -> None:
    server.misdeeds, server.always = [cut_after(30_000)], status(503)
    assert "30 kB are kept" in refusal(server, target).details


def test_a_file_that_changed_in_between_is_downloaded_from_its_begin(server: Server, target: Path) -> None:
    interrupted(server, target, 30_000)
    server.serve(NAME, OTHER)
    assert download(server, target) == hash_of(OTHER)
    assert target.read_bytes() == OTHER


def test_a_server_that_does_not_heed_if_range_cannot_mix_two_files(server: Server, target: Path) -> None:
    interrupted(server, target, 30_000)
    server.serve(NAME, OTHER)
    server.misdeeds = [ignore_if_range]
    assert download(server, target) == hash_of(OTHER)
    assert server.ranges == ["bytes=30000-", ""]


@pytest.mark.parametrize("span", ["bytes 29999-49999/50000", "bytes 30000-49999/60000", "pages 1-2/3", ""])
def test_a_range_that_was_not_asked_for_is_not_taken(server: Server, target: Path, span: str) -> None:
    interrupted(server, target, 30_000)
    server.misdeeds = [status(206, CONTENT[30_000:], Content_Range=span or None)]
    assert download(server, target) == hash_of(CONTENT)
    assert server.ranges == ["bytes=30000-", ""]


def test_a_server_that_ignores_ranges_sends_it_all_again(server: Server, target: Path) -> None:
    interrupted(server, target, 30_000)
    server.misdeeds = [ignore_range]
    assert download(server, target) == hash_of(CONTENT)
    assert target.read_bytes() == CONTENT
    assert len(server.requests) == 1


def test_a_range_that_cannot_be_satisfied_starts_anew(server: Server, target: Path) -> None:
    interrupted(server, target, 30_000)
    server.misdeeds = [status(416, Content_Range="bytes */10")]
    assert download(server, target) == hash_of(CONTENT)
    assert server.ranges == ["bytes=30000-", ""]


def test_without_an_etag_nothing_is_continued(server: Server, target: Path) -> None:
    server.misdeeds = [without_validators(cut_after(30_000))]
    assert download(server, target) == hash_of(CONTENT)
    assert server.ranges == ["", ""]


@pytest.mark.parametrize("headers", [{"ETag": 'W/"weak"'}, {}])
def test_a_date_will_do_where_there_is_no_strong_etag(server: Server, target: Path, headers: dict[str, str]) -> None:
    date = "Wed, 21 Oct 2026 07:28:00 GMT"
    server.misdeeds = [status(200, CONTENT[:9_000], Content_Length=50_000, Last_Modified=date, **headers)]
    assert download(server, target) == hash_of(CONTENT)
    assert server.requests[1].headers["if-range"] == date


def test_another_url_of_the_same_target_is_not_continued(server: Server, target: Path) -> None:
    interrupted(server, target, 30_000)
    url = server.serve("cu100/other.zip", OTHER)
    assert fetch.download(url, target, patience=QUICK) == hash_of(OTHER)
    assert server.ranges == [""]


def test_a_wrong_hash_is_refused_and_nothing_of_it_kept(server: Server, target: Path) -> None:
    with pytest.raises(UnsafeError) as caught:
        download(server, target, hash_of(OTHER))
    assert caught.value.exit_code == 9
    assert f"expected sha256 {hash_of(OTHER)}, got {hash_of(CONTENT)}" in caught.value.message
    assert "tampered" in caught.value.hint
    assert "uploaded it again" in caught.value.hint
    assert left(target) == set()


def test_bytes_that_were_spoilt_on_this_disk_accuse_nobody(server: Server, target: Path) -> None:
    interrupted(server, target, 30_000)
    target.with_name(f".{target.name}.part").write_bytes(OTHER[:30_000])
    assert download(server, target, hash_of(CONTENT)) == hash_of(CONTENT)
    assert target.read_bytes() == CONTENT


@pytest.mark.parametrize("sha256", [None, hash_of(CONTENT), hash_of(CONTENT).upper()])
def test_a_target_that_is_already_whole_is_not_asked_for_again(
    server: Server, target: Path, sha256: str | None
) -> None:
    download(server, target)
    assert download(server, target, sha256) == hash_of(CONTENT)
    assert len(server.requests) == 1


def test_a_target_with_another_hash_is_downloaded_again(server: Server, target: Path) -> None:
    download(server, target)
    server.serve(NAME, OTHER)
    assert download(server, target, hash_of(OTHER)) == hash_of(OTHER)
    assert target.read_bytes() == OTHER


def test_a_target_of_which_nothing_is_known_is_not_believed(server: Server, target: Path) -> None:
    target.parent.mkdir()
    target.write_bytes(OTHER)
    assert download(server, target) == hash_of(CONTENT)
    assert target.read_bytes() == CONTENT


def test_a_download_that_was_whole_but_not_in_place_needs_no_server(server: Server, target: Path) -> None:
    download(server, target)
    target.rename(target.with_name(f".{target.name}.part"))
    server.always = status(503)
    assert download(server, target) == hash_of(CONTENT)
    assert target.read_bytes() == CONTENT


def test_what_is_discarded_is_gone(server: Server, target: Path) -> None:
    download(server, target)
    fetch.discard(target)
    assert left(target) == set()


def test_the_way_is_shown(server: Server, target: Path, recorder: Recorder) -> None:
    server.misdeeds = [status(503)]
    download(server, target)
    assert "the server answered 503 Service Unavailable; trying again" in recorder.all("progress")
    assert any(text.endswith(" of 50 kB") for text in recorder.all("progress"))


def test_what_is_beside_the_target_is_left_alone(server: Server, target: Path) -> None:
    target.parent.mkdir()
    (target.parent / "mine.zip").write_bytes(b"mine")
    download(server, target)
    fetch.discard(target)
    assert contents(target.parent)["mine.zip"] == b"mine"


def test_misdeeds_are_seen(server: Server, target: Path) -> None:
    """The server really does what it is told: else the tests above would prove nothing."""
    misdeed: Misdeed = cut_after(1)
    server.misdeeds = [misdeed]
    download(server, target)
    assert server.misdeeds == []
    assert len(server.requests) == 2
