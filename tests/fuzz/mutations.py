"""One mutation of one file: `spoil(path, ...)` says in words what it did."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from tests.fuzz import formats, raw

if TYPE_CHECKING:
    from random import Random


def spoil(path: Path, other: Path, outside: Path, random: Random) -> str:
    """`other` is a second real file to splice with, `outside` a folder that nothing may touch."""
    chance = random.random()
    if chance < 0.06:
        return _place(path, outside, random)
    contents = path.read_bytes()
    by_format = formats.of(path)
    if by_format and chance < 0.75:
        how, made = by_format(contents, outside, random)
    else:
        how, made = raw.changed(contents, other.read_bytes(), random)
    path.write_bytes(made)
    return how


def _place(path: Path, outside: Path, random: Random) -> str:
    """Something else lies where the file was."""
    path.unlink()
    how = random.choice(["missing", "a folder", "a link to itself", "a dangling link", "a link elsewhere", "a device"])
    if how == "a folder":
        path.mkdir()
        shutil.copy(outside / "canary", path)
    targets = {"a link to itself": path, "a dangling link": path.with_name("nowhere"), "a device": Path("/dev/null")}
    if target := {**targets, "a link elsewhere": outside / "canary"}.get(how):
        path.symlink_to(target)
    return how
