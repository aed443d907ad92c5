"""Zips that would do harm: each is refused with exit code 9 before anything is written."""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING

import pytest

from tsgen.errors import UnsafeError
from tsgen.libtorch.archive.members import Limits
from tsgen.libtorch.archive.unpack import unpack

from .archives import CENTRAL, LINK, LOCAL, Entry, patched, write_zip
from .make import contents

if TYPE_CHECKING:
    from pathlib import Path


def refusal(archive: Path, limits: Limits | None = None) -> str:
    target = archive.parent / "deep" / "target"
    with pytest.raises(UnsafeError) as caught:
        unpack(archive, target, limits=limits)
    assert caught.value.exit_code == 9
    assert set(contents(archive.parent)) == {archive.name}
    return caught.value.message


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("/etc/passwd", "absolute"),
        ("//server/share", "absolute"),
        ("../evil", "leads out"),
        ("lib/../../evil", "leads out"),
        ("lib/..", "leads out"),
        ("C:/evil", "every system"),
        ("C:evil", "every system"),
        ("lib/a:stream", "every system"),
        ("..\\evil", "every system"),
        ("lib\\evil", "every system"),
        ("\\\\server\\share", "every system"),
        (".", "every system"),
    ],
)
def test_a_name_that_could_lead_elsewhere(tmp_path: Path, name: str, why: str) -> None:
    message = refusal(write_zip(tmp_path / "a.zip", Entry("lib/good", b"good"), Entry(name, b"evil")))
    assert why in message
    assert repr(name) in message


def test_a_name_with_an_end_in_its_middle(tmp_path: Path) -> None:
    archive = write_zip(tmp_path / "a.zip", Entry("lib/good.txt"))
    patched(archive, LOCAL, 30, b"lib/goo\0.txt")
    patched(archive, CENTRAL, 46, b"lib/goo\0.txt")
    assert "every system" in refusal(archive)


def test_a_name_that_is_not_wanted_is_refused_too(tmp_path: Path) -> None:
    archive = write_zip(tmp_path / "a.zip", Entry("lib/good"), Entry("../evil"))
    with pytest.raises(UnsafeError, match="leads out"):
        unpack(archive, tmp_path / "target", lambda name: name == "lib/good")


def test_a_foul_name_does_not_steer_the_terminal(tmp_path: Path) -> None:
    message = refusal(write_zip(tmp_path / "a.zip", Entry("../\x1b[31m\n")))
    assert message.isprintable()


@pytest.mark.parametrize(
    "link",
    [
        "/etc/passwd",
        "../../evil",
        "a/../../../evil",
        "good/../..",
        "..\\evil",
        "C:\\evil",
        "\\evil",
        "../..",
        "",
        "x" * 5000,
    ],
)
def test_a_symlink_that_leads_out(tmp_path: Path, link: str) -> None:
    message = refusal(write_zip(tmp_path / "a.zip", Entry("lib/link", link.encode(), LINK)))
    assert "symlink" in message


def test_a_link_that_leads_out_through_another(tmp_path: Path) -> None:
    """Read as words, `p/q/a/../../evil` stays inside; `p/q/a` is the top folder, though."""
    up = Entry("p/q/a", b"../..", LINK)
    assert "symlink" in refusal(write_zip(tmp_path / "a.zip", up, Entry("out", b"p/q/a/../evil", LINK)))


@pytest.mark.parametrize("order", [1, -1])
def test_a_file_that_would_be_written_through_a_symlink(tmp_path: Path, order: int) -> None:
    entries = [Entry("lib", b"elsewhere", LINK), Entry("lib/evil", b"evil")][::order]
    assert "through 'lib'" in refusal(write_zip(tmp_path / "a.zip", *entries))


def test_a_file_below_a_file(tmp_path: Path) -> None:
    assert "through 'lib'" in refusal(write_zip(tmp_path / "a.zip", Entry("lib"), Entry("lib/a")))


@pytest.mark.parametrize("kind", [stat.S_IFCHR, stat.S_IFBLK, stat.S_IFIFO, stat.S_IFSOCK])
def test_a_device(tmp_path: Path, kind: int) -> None:
    assert "device" in refusal(write_zip(tmp_path / "a.zip", Entry("dev", mode=kind | 0o666)))


def test_an_encrypted_file(tmp_path: Path) -> None:
    archive = write_zip(tmp_path / "a.zip", Entry("secret", b"secret"))
    patched(archive, LOCAL, 6, b"\x01\x00")
    assert "encrypted" in refusal(patched(archive, CENTRAL, 8, b"\x01\x00"))


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("other", ["lib/a", "lib//a", "./lib/a"])
def test_two_files_of_one_name(tmp_path: Path, other: str) -> None:
    assert "twice" in refusal(write_zip(tmp_path / "a.zip", Entry("lib/a", b"good"), Entry(other, b"evil")))


def test_a_folder_that_hides_contents(tmp_path: Path) -> None:
    archive = write_zip(tmp_path / "a.zip", Entry("lib/", b"hidden", stat.S_IFDIR | 0o755))
    assert "contents of its own" in refusal(archive)


BOMB = Entry("bomb", bytes(1_000_000))


def test_a_bomb_is_known_by_its_ratio(tmp_path: Path) -> None:
    archive = write_zip(tmp_path / "a.zip", BOMB)
    message = refusal(archive, Limits(harmless=100_000))
    assert "looks like a bomb" in message
    assert "would become 1.0 MB" in message
    unpack(archive, tmp_path / "target", limits=Limits(harmless=100_000, ratio=2000))


def test_a_bomb_is_known_by_its_size(tmp_path: Path) -> None:
    archive = write_zip(tmp_path / "a.zip", BOMB)
    assert "at most 900 kB" in refusal(archive, Limits(total=900_000))
    unpack(archive, tmp_path / "target", limits=Limits(total=1_000_000))


def test_a_bomb_is_known_by_its_number_of_files(tmp_path: Path) -> None:
    archive = write_zip(tmp_path / "a.zip", *(Entry(str(number)) for number in range(11)))
    assert "in 11 files" in refusal(archive, Limits(members=10))


def test_a_real_bomb_meets_the_limits_that_are_set(tmp_path: Path) -> None:
    archive = write_zip(tmp_path / "a.zip", BOMB)
    assert "1.1 kB would become 64 MB" in refusal(patched(archive, CENTRAL, 24, (64_000_001).to_bytes(4, "little")))


def test_a_bomb_that_declares_little_writes_no_more_than_that(tmp_path: Path) -> None:
    archive = patched(write_zip(tmp_path / "a.zip", BOMB), CENTRAL, 24, (1000).to_bytes(4, "little"))
    with pytest.raises(Exception, match="CRC"):
        unpack(archive, tmp_path / "target", limits=Limits(harmless=100_000))
    assert (tmp_path / "target" / "bomb").stat().st_size <= 1000
