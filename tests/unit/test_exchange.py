"""Files that are exchanged are all new or all old, whenever the run ends."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NoReturn

import pytest

from tsgen.project import exchange
from tsgen.project.exchange import Plan
from tsgen.system import files

from .make import contents

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

OLD = {
    "lib/a.cpp": b"old a",
    "lib/gone.cpp": b"gone",
    "src/old/b.cpp": b"b",
    "main.cpp": b"mine",
    "lock": b"old lock",
    "index": b"old",
}
NEW = {
    "lib/a.cpp": b"new a",
    "lib/come.cpp": b"come",
    "main.cpp": b"theirs",
    "lock": b"new lock",
    "api/x.hpp": b"api",
    "index": b"new",
}
PLAN = Plan(
    leave=("lib", "src/old/b.cpp", "main.cpp"), come=("lib", "main.cpp"), written=("lock", "api/x.hpp", "index")
)


class KilledError(BaseException):
    """Nothing runs after it."""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return filled(tmp_path / "project", OLD)


@pytest.fixture
def stage(tmp_path: Path) -> Path:
    return filled(tmp_path / "stage", {name: NEW[name] for name in NEW if name not in PLAN.written})


def filled(folder: Path, texts: Mapping[str, bytes]) -> Path:
    for name, text in texts.items():
        files.write_text(folder / name, text.decode())
    return folder


def write_the_rest(root: Path) -> None:
    for name in PLAN.written:
        files.write_text(root / name, NEW[name].decode())


def exchange_and_end(root: Path, stage: Path, at_the_end: Callable[[], None] = lambda: None) -> NoReturn:
    with exchange.exchanged(root, stage, PLAN):
        write_the_rest(root)
        at_the_end()
        raise KilledError


def test_what_leaves_is_gone_and_what_comes_is_there(root: Path, stage: Path) -> None:
    with exchange.exchanged(root, stage, PLAN) as old:
        assert contents(old) == {name: OLD[name] for name in OLD}
        write_the_rest(root)
    assert contents(root) == NEW
    assert not (root / "src").exists()


def test_a_failure_takes_everything_back(root: Path, stage: Path) -> None:
    with pytest.raises(KilledError):
        exchange_and_end(root, stage)
    assert contents(root) == OLD
    assert not (root / "api").exists()


def test_what_was_taken_back_is_compiled_again(root: Path, stage: Path) -> None:
    """The objects of the files that came are younger than files which keep their times."""
    os.utime(root / "lib/a.cpp", (1, 1))
    begun = (stage / "lib/a.cpp").stat().st_mtime
    with pytest.raises(KilledError):
        exchange_and_end(root, stage)
    assert (root / "lib/a.cpp").stat().st_mtime >= begun


@pytest.mark.parametrize("moves", range(8))
def test_a_killed_run_is_taken_back_by_the_next(
    root: Path, stage: Path, monkeypatch: pytest.MonkeyPatch, moves: int
) -> None:
    die_after(moves, monkeypatch)
    monkeypatch.setattr(exchange, "recover", lambda _: False)
    with pytest.raises(KilledError):
        exchange_and_end(root, stage)
    monkeypatch.undo()
    exchange.recover(root)
    assert contents(root) == OLD


@pytest.mark.parametrize("moves", range(6))
def test_taking_back_may_itself_be_killed(root: Path, stage: Path, monkeypatch: pytest.MonkeyPatch, moves: int) -> None:
    with pytest.raises(KilledError):
        exchange_and_end(root, stage, lambda: die_after(moves, monkeypatch))
    monkeypatch.undo()
    exchange.recover(root)
    assert contents(root) == OLD


def test_there_is_nothing_to_take_back_afterwards(root: Path, stage: Path) -> None:
    with exchange.exchanged(root, stage, PLAN):
        write_the_rest(root)
    assert not exchange.recover(root)
    assert contents(root) == NEW


def die_after(moves: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let `moves` files or folders be moved, and then nothing."""
    left, real = [moves], os.replace

    def replace(source: Path, target: Path) -> None:
        if exchange.HELD in str(source) + str(target) or "stage" in str(source):
            if not left[0]:
                raise KilledError
            left[0] -= 1
        real(source, target)

    monkeypatch.setattr(os, "replace", replace)
