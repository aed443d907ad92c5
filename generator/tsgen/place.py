"""Where a project's files are and where they go: beside their place first, then all at once into it."""

from __future__ import annotations

import os
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from tsgen import files
from tsgen.console import note
from tsgen.errors import BuildError, ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tsgen.config import Config


@dataclass(frozen=True, kw_only=True)
class Site:
    """A project's folder: `root` holds its files; `home` is where it stands, from which its relative paths start.

    They differ only while `new` prepares a project beside its place.
    """

    root: Path
    home: Path


def refuse_existing(target: Path, *, force: bool) -> None:
    if target.is_dir() and any(target.iterdir()) and not force:
        raise ConfigError(
            f"{target} is already there",
            hint="choose another name, `tsgen build` it, or add --force to write the template's files over it",
        )
    if target.exists() and not target.is_dir():
        raise ConfigError(f"{target} is a file", hint="choose another name, or another place with --output")


def put(site: Site, *, force: bool) -> None:
    """Put the prepared project where it belongs, all at once; over an existing one file by file, deleting none."""
    if force and site.home.is_dir() and any(site.home.iterdir()):
        _refuse_foreign(site)
        files.move_into(site.root, site.home)
    else:
        os.replace(site.root, site.home)  # noqa: PTH105


def _refuse_foreign(site: Site) -> None:
    """--force is for a project of tsgen's; elsewhere a file of the same name is the user's own."""
    names = (path.relative_to(site.root) for path in site.root.rglob("*") if path.is_file())
    clash = sorted(name.as_posix() for name in names if (site.home / name).exists())
    if clash and not (site.home / "tsgen.toml").is_file():
        raise ConfigError(
            f"{site.home} is no tsgen project, and its {clash[0]} would be written over",
            hint="choose another name or --output, or move the files away",
        )


def require_name(root: Path, config: Config) -> None:
    """Raises ConfigError for a `name` that is not the rendered project's: files and targets carry it."""
    if not (root / "include" / config.name / "runtime.hpp").is_file():
        raise ConfigError(
            f"tsgen.toml: `name` is `{config.name}`, but there is no include/{config.name}/runtime.hpp",
            hint="put the name back that the project was made with, or make a new one with `tsgen new`",
        )


@contextmanager
def alone_in(root: Path) -> Iterator[None]:
    """Two tsgen in one project would replace each other's files: the second waits."""
    if not (root / "tsgen.toml").is_file():
        yield  # it is no project: let `load` say so, and make nothing here
        return
    with files.writing(root / "build", BuildError):
        (root / "build").mkdir(exist_ok=True)
        held = FileLock(root / "build" / ".tsgen.lock")
    try:
        held.acquire(timeout=0)
    except Timeout:
        note("another tsgen works in this project; waiting for it")
        held.acquire()
    try:
        files.sweep(root / "model")
        yield
    finally:
        held.release()
