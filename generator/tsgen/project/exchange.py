"""Files of a project put in place of others, and taken back unless what comes of them is good.

What leaves is moved to `.tsgen-before-update` in the project, whose plan says what is on its way. A run that is killed
leaves both there, and whoever is next alone in the project takes it back: `recover`.
"""

from __future__ import annotations

import os
import shutil
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tsgen.system import codec, files

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HELD = ".tsgen-before-update"
_PLAN = "plan.json"


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Paths below the project's root, each a file or a whole folder."""

    leave: tuple[str, ...]
    """What is moved away."""
    come: tuple[str, ...]
    """What is moved in from a folder beside; it may have the place of something that leaves."""
    written: tuple[str, ...] = ()
    """What is written meanwhile, over what is there or anew."""


@contextmanager
def exchanged(root: Path, stage: Path, plan: Plan) -> Iterator[Path]:
    """Carry out `plan` with what lies in `stage`; yield the folder of what was there. Any exception takes all back."""
    before = _hold(root, plan)
    try:
        for name in plan.leave:
            _move(root / name, before / name)
        for name in plan.come:
            _move(stage / name, root / name)
        yield before
    except BaseException:
        recover(root)
        raise
    (root / HELD / _PLAN).unlink()  # from here on there is no way back
    _drop(root / HELD)
    _prune(root, plan.leave)


def recover(root: Path) -> bool:
    """Take back what a run that ended too early has begun; return whether there was anything."""
    held = root / HELD
    if not held.is_dir():
        return False
    begun = (held / _PLAN).is_file()
    if begun:
        _take_back(root, codec.read(held / _PLAN, Plan))
        (held / _PLAN).unlink()
    _drop(held)
    return begun


def _hold(root: Path, plan: Plan) -> Path:
    """The copies first: once the plan is there, everything that it names can be taken back."""
    held = root / HELD
    _drop(held)
    for name in plan.written:
        if (root / name).is_file():
            (held / "files" / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(root / name, held / "files" / name)
    files.write_text(held / _PLAN, codec.text_of(plan))
    return held / "files"


def _take_back(root: Path, plan: Plan) -> None:
    """Right after each step, and when it is itself cut short: what leaves and is not held has not left yet."""
    before = root / HELD / "files"
    for name in (*plan.come, *plan.written):
        if (before / name).exists() or name not in plan.leave:
            _remove(root / name)
    for name in plan.leave:
        if (before / name).exists():
            _touch(before / name)
            _move(before / name, root / name)
    for name in plan.written:
        if (before / name).is_file():  # the copy stays: without it the file would count as one that came
            shutil.copyfile(before / name, root / HELD / "copy")
            _move(root / HELD / "copy", root / name)
    _prune(root, (*plan.come, *plan.written))


def _touch(path: Path) -> None:
    """What is compiled from the new files is younger than the old ones: Ninja would take it for theirs."""
    for file in [path, *path.rglob("*")]:
        os.utime(file)


def _move(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    os.replace(source, target)  # noqa: PTH105


def _remove(path: Path) -> None:
    shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink(missing_ok=True)


def _drop(folder: Path) -> None:
    if folder.is_dir():
        shutil.rmtree(folder)


def _prune(root: Path, names: tuple[str, ...]) -> None:
    """Remove the folders that `names` lay in and that are empty now."""
    for parent in sorted({parent for name in names for parent in (root / name).parents}, reverse=True):
        if parent.is_relative_to(root) and parent != root and parent.is_dir() and not any(parent.iterdir()):
            parent.rmdir()
