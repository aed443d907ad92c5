"""The members of a zip, after every question about what unpacking them would do."""

from __future__ import annotations

import posixpath
import re
import stat
from dataclasses import dataclass
from itertools import dropwhile
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from tsgen.console.meter import size
from tsgen.errors import UnsafeError

if TYPE_CHECKING:
    import zipfile
    from collections.abc import Sequence
    from pathlib import Path

ENCRYPTED = 0x1
LONGEST_LINK = 4096


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Beyond these it is a bomb. The largest LibTorch seen (Windows, cu130) is 3.9 GB and 12 GB unpacked."""

    total: int = 64 * 10**9
    ratio: int = 50
    """Unpacked against packed, of the whole archive; text is packed 5 to 10 times, libraries 3 to 4 times."""
    harmless: int = 64 * 10**6
    """Bytes that are let through at any ratio."""
    members: int = 200_000


@dataclass(frozen=True, kw_only=True)
class Member:
    info: zipfile.ZipInfo
    name: str
    """Relative, with `/`, without `.` and `..`."""
    link: str = ""
    """Where a symlink leads, as it is stored."""

    @property
    def is_link(self) -> bool:
        return bool(self.link)

    @property
    def is_folder(self) -> bool:
        return self.info.is_dir()

    @property
    def is_executable(self) -> bool:
        return bool(_mode(self.info) & 0o111)


def checked(opened: zipfile.ZipFile, archive: Path, limits: Limits) -> list[Member]:
    """Every member of `opened`, wanted or not: an archive with one foul name is a foul archive.

    `archive` is its file. Raises UnsafeError.
    """
    infos = opened.infolist()
    _refuse_bomb(infos, archive, limits)
    members = [_member(opened, info, archive) for info in infos]
    _refuse_twice(members, archive)
    _refuse_through_files(members, archive)
    return members


def _member(opened: zipfile.ZipFile, info: zipfile.ZipInfo, archive: Path) -> Member:
    name = _name(info, archive)
    kind = stat.S_IFMT(_mode(info))
    if info.flag_bits & ENCRYPTED:
        raise _unsafe(archive, name, "is encrypted")
    if kind == stat.S_IFLNK:
        return Member(info=info, name=name, link=_link(opened, info, name, archive))
    if kind not in {0, stat.S_IFREG, stat.S_IFDIR}:
        raise _unsafe(archive, name, "is a device, a pipe or a socket")
    if info.is_dir() and info.file_size:
        raise _unsafe(archive, name, "is a folder with contents of its own")
    return Member(info=info, name=name)


def _mode(info: zipfile.ZipInfo) -> int:
    """As Unix keeps it; 0 in zips made elsewhere."""
    return info.external_attr >> 16


def _name(info: zipfile.ZipInfo, archive: Path) -> str:
    """Some names are mended by zipfile; the one that is stored is the one that is judged."""
    stored = info.orig_filename
    path = PurePosixPath(stored)
    if path.is_absolute():
        raise _unsafe(archive, stored, "is an absolute path")
    if ".." in path.parts:
        raise _unsafe(archive, stored, "leads out of its folder")
    if re.search(r"[\\:\0]", stored) or not path.parts:
        raise _unsafe(archive, stored, "is no path that means the same on every system")
    return str(path)


def _link(opened: zipfile.ZipFile, info: zipfile.ZipInfo, name: str, archive: Path) -> str:
    if info.file_size > LONGEST_LINK:
        raise _unsafe(archive, name, "is a symlink that is too long")
    link = opened.read(info).decode(errors="surrogateescape")
    if _leads_out(name, link):
        raise _unsafe(archive, name, f"is a symlink that leads out of the archive, to {link!r:.200}")
    return link


def _leads_out(name: str, link: str) -> bool:
    """A link may go up first and down then; up after down would depend on where other links lead."""
    path = PurePosixPath(link)
    down = list(dropwhile(lambda part: part == "..", path.parts))
    if not path.parts or path.is_absolute() or ".." in down or re.search(r"[\\:\0]", link):
        return True
    return posixpath.normpath(posixpath.join(posixpath.dirname(name), link)).startswith("..")


def _refuse_bomb(infos: list[zipfile.ZipInfo], archive: Path, limits: Limits) -> None:
    # What directory entries claim to be packed may overlap; the file's own size cannot.
    packed, unpacked = archive.stat().st_size, sum(info.file_size for info in infos)
    allowed = min(limits.total, max(limits.ratio * packed, limits.harmless))
    if unpacked > allowed or len(infos) > limits.members:
        raise UnsafeError(
            f"{archive.name} looks like a bomb: {size(packed)} would become {size(unpacked)} in {len(infos)} files; "
            f"at most {size(allowed)} in {limits.members} are let through",
            hint="if you know that it is what it should be, unpack it yourself and give the folder with --libtorch",
        )


def _refuse_twice(members: Sequence[Member], archive: Path) -> None:
    """Which of two would be there in the end depends on who unpacks."""
    seen: set[str] = set()
    for member in members:
        if member.name in seen and not member.is_folder:
            raise _unsafe(archive, member.name, "is in it twice")
        seen.add(member.name)


def _refuse_through_files(members: Sequence[Member], archive: Path) -> None:
    """Through a symlink it would land elsewhere, through a file nowhere."""
    files = {member.name for member in members if not member.is_folder}
    for member in members:
        for parent in PurePosixPath(member.name).parents:
            if str(parent) in files:
                raise _unsafe(archive, member.name, f"would be written through {str(parent)!r}, which is no folder")


def _unsafe(archive: Path, name: str, why: str) -> UnsafeError:
    return UnsafeError(
        f"{archive.name} is not unpacked: {name!r:.200} {why}",
        hint="no LibTorch is published like this; find out where the file comes from",
    )
