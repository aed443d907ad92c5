"""Take a zip or a wheel apart into a folder, trusting nothing that it says of itself."""

from __future__ import annotations

import os
import posixpath
import stat
import zipfile
import zlib
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tsgen.console.meter import Meter
from tsgen.errors import LibTorchError, UnsafeError
from tsgen.libtorch.archive.members import Limits, Member, checked
from tsgen.system import disk, files

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

CHUNK = 1 << 20
_END, _END_BYTES, _COMMENT_BYTES = b"PK\x05\x06", 22, 0xFFFF
"""Of the last record of a zip (APPNOTE.TXT, 4.3.16): its signature, its size, and the longest comment behind it."""
_AGAIN = "the download was damaged or cut off; fetch it again"


def unpack(
    archive: Path, target: Path, wanted: Callable[[str], bool] | None = None, limits: Limits | None = None
) -> None:
    """Unpack the members of `archive` whose names (`libtorch/lib/libc10.so`) are `wanted` below `target`.

    Symlinks and executable bits are kept; files that are there already are replaced. Raises UnsafeError for whatever
    would be written outside `target` or has no business in such a file (devices, bombs), LibTorchError for what is no
    whole zip, DiskError when there is no room.
    """
    with _opened(archive) as opened:
        members = [each for each in checked(opened, archive, limits or Limits()) if not wanted or wanted(each.name)]
        with files.writing(target, disk.DiskError, files.ROOM_IN_THE_STORE):
            target.mkdir(parents=True, exist_ok=True)
            disk.require(target, sum(each.info.file_size for each in members), f"{archive.name}, unpacked,")
            _refuse_same_files(members, target, archive.name)
            _write(opened, members, target)


def names(archive: Path) -> list[str]:
    """The name of every file in the archive. Raises as `unpack` does."""
    with _opened(archive) as opened:
        return [each.name for each in checked(opened, archive, Limits()) if not each.is_folder]


@contextmanager
def _opened(archive: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(archive) as opened:
            yield opened
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise LibTorchError(f"{archive.name} is not a whole zip file: {_what(archive, error)}", hint=_AGAIN) from error
    except NotImplementedError as error:
        raise LibTorchError(f"{archive.name} is packed in a way that Python cannot read: {error}") from error


def _what(archive: Path, error: Exception) -> str:
    with archive.open("rb") as stream:
        begin = stream.read(16)
        stream.seek(-min(_END_BYTES + _COMMENT_BYTES, archive.stat().st_size), os.SEEK_END)
        end = stream.read()
    cut = len(end) - end.rfind(_END) < _END_BYTES or _END not in end
    if begin.startswith(b"PK\x03\x04"):
        return "its end is missing" if cut else str(error) or "a file in it ends too early"
    return f"it begins with {begin!r}"


def _write(opened: zipfile.ZipFile, members: Sequence[Member], target: Path) -> None:
    """Links come last, so that no file is written through one of them."""
    meter, done = Meter(sum(each.info.file_size for each in members), doing="unpack"), 0
    for member in members:
        path = target / member.name
        if member.is_folder:
            path.mkdir(parents=True, exist_ok=True)
        elif not member.is_link:
            _write_file(opened, member, path)
            done += member.info.file_size
            meter.tell(done)
    for member in members:
        if member.is_link:
            _clear(target / member.name)
            (target / member.name).symlink_to(member.link)


def _write_file(opened: zipfile.ZipFile, member: Member, path: Path) -> None:
    """The CRC is compared by zipfile, which stops silently at an end that comes too early."""
    _clear(path)
    written = 0
    with opened.open(member.info) as source, path.open("xb") as stream:
        while chunk := source.read(CHUNK):
            stream.write(chunk)
            written += len(chunk)
    if written != member.info.file_size:
        raise zipfile.BadZipFile(f"{member.name} holds {written} bytes, not {member.info.file_size}")
    if member.is_executable:
        # x wherever the umask left r.
        mode = stat.S_IMODE(path.stat().st_mode)
        path.chmod(mode | (mode & 0o444) >> 2)


def _clear(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)


def _refuse_same_files(members: Sequence[Member], target: Path, archive: str) -> None:
    """On a file system that takes `A` and `a` for one name, the second would replace the first."""
    if not _ignores_case(target):
        return
    seen: dict[str, str] = {}
    for member in members:
        if (other := seen.setdefault(member.name.casefold(), member.name)) != member.name:
            raise UnsafeError(
                f"{archive} holds `{other}` and `{member.name}`, which are one file on this disk",
                hint="unpack on a disk that tells upper from lower case",
            )


def _ignores_case(folder: Path) -> bool:
    probe = folder / ".tsgen-Case"
    probe.touch()
    try:
        return (folder / posixpath.basename(probe.name).swapcase()).exists()
    finally:
        probe.unlink()
