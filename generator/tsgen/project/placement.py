"""Where a project's files are and where they go: beside their place first, then all at once into it."""

from __future__ import annotations

import os
from contextlib import AbstractContextManager, contextmanager, suppress
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from tsgen.console import note
from tsgen.errors import BuildError, ConfigError, RenderError
from tsgen.project import exchange, vendored_library
from tsgen.system import files

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tsgen.config import Config


def refuse_existing(target: Path, *, force: bool) -> None:
    if target.is_dir() and any(target.iterdir()) and not force:
        raise ConfigError(
            f"{target} is already there",
            hint="choose another name, `tsgen build` it, or add --force to write the template's files over it",
        )
    if target.exists() and not target.is_dir():
        raise ConfigError(f"{target} is a file", hint="choose another name, or another place with --output")
    _refuse_first_format(target, target.name)


def put(prepared: Path, home: Path, *, force: bool) -> None:
    """Put the prepared project where it belongs, all at once; over an existing one file by file, deleting none."""
    if force and home.is_dir() and any(home.iterdir()):
        _refuse_foreign(prepared, home)
        _put_library(prepared, home)
        files.move_into(prepared, home)
    else:
        os.replace(prepared, home)  # noqa: PTH105


class Trial(AbstractContextManager["Trial"]):
    """A project that is put in its place before it is known whether its model can be exported.

    CMake writes absolute paths, so nothing can be compiled beside the place. Until `passed` the context takes the
    project away again when it is left by an error, except by one of compiling, whose log lies in the project. Of a
    killed run stays what `--no-build` makes, which `tsgen build` completes.
    """

    def __init__(self, home: Path) -> None:
        """Called while the place is still as the user left it."""
        self._home, self._folder_was_there = home, home.is_dir()
        self.over_existing = self._folder_was_there and any(home.iterdir())
        self._stays = self.over_existing

    def passed(self) -> None:
        self._stays = True

    def __exit__(self, _: object, error: BaseException | None, *rest: object) -> None:
        if error and not self._stays and not isinstance(error, BuildError):
            self._take_away()

    def _take_away(self) -> None:
        """In one step, so that a second Ctrl-C leaves no half of it; one that cannot be taken away is left."""
        with suppress(OSError), files.staging(self._home) as gone:
            os.replace(self._home, gone / self._home.name)  # noqa: PTH105
            if self._folder_was_there:
                self._home.mkdir()


def _put_library(prepared: Path, home: Path) -> None:
    """Whole: a file that another version had would be compiled, or count as one that somebody added."""
    if (prepared / vendored_library.FOLDER).is_dir():
        leave = (vendored_library.FOLDER,) if (home / vendored_library.FOLDER).is_dir() else ()
        with exchange.exchanged(home, prepared, exchange.Plan(leave=leave, come=(vendored_library.FOLDER,))):
            pass


def _refuse_foreign(prepared: Path, home: Path) -> None:
    """--force is for a project of tsgen's; elsewhere a file of the same name is the user's own."""
    names = (path.relative_to(prepared) for path in prepared.rglob("*") if path.is_file())
    clash = sorted(name.as_posix() for name in names if (home / name).exists())
    if clash and not (home / "tsgen.toml").is_file():
        raise ConfigError(
            f"{home} is no tsgen project, and its {clash[0]} would be written over",
            hint="choose another name or --output, or move the files away",
        )


def require_name(root: Path, config: Config) -> None:
    """Raises ConfigError for a `name` that is not the rendered project's: files and targets carry it."""
    _refuse_first_format(root, config.name)
    lists = root / "CMakeLists.txt"
    if not lists.is_file() or f"tsgen_add_runner({config.name})" not in lists.read_text(encoding="utf-8"):
        raise ConfigError(
            f"tsgen.toml: `name` is `{config.name}`, but CMakeLists.txt has no line tsgen_add_runner({config.name})",
            hint="put the name back that the project was made with, or make a new one with `tsgen new`",
        )


def is_first_format(root: Path, name: str) -> bool:
    """Whether the project called `name` was made by tsgen 0.1.0, which had no third_party/tsgen."""
    return (root / "include" / name / "runtime.hpp").is_file()


def _refuse_first_format(root: Path, name: str) -> None:
    if is_first_format(root, name):
        raise ConfigError(
            f"{root} was made by tsgen 0.1.0, whose C++ lay between yours",
            hint="`tsgen update` moves the project to third_party/tsgen, and keeps what you changed beside it",
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
        files.sweep(root / exchange.HELD)
        with files.writing(root, RenderError):
            if exchange.recover(root):
                note("an earlier `tsgen update` did not come to its end; the project is as it was before it")
        yield
    finally:
        held.release()
