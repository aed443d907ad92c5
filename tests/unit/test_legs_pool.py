"""Several legs at a time."""

from __future__ import annotations

import sys
import threading
import time
from typing import TYPE_CHECKING

import pytest

from tsgen import console
from tsgen.commands.matrix import pool
from tsgen.commands.matrix.board import LegConsole
from tsgen.errors import BuildError, TsgenError
from tsgen.system import process
from tsgen.types.matrix import Leg, LegResult, Planned

if TYPE_CHECKING:
    from pathlib import Path


def planned(name: str, *, runs: bool = True) -> Planned:
    leg = Leg(
        platform="linux-x86_64", torch_version="2.14.1", accelerator="cpu", build_type="release", compiler=f"g++-{name}"
    )
    if runs:
        return Planned(leg=leg, name=name, strategy="native", target_state="proven")
    return Planned(leg=leg, name=name, strategy=None, target_state="elsewhere", reason="it needs a Mac")


def result(each: Planned, state: str = "proven") -> LegResult:
    return LegResult(leg=each.leg, name=each.name, state=state, strategy="native")  # type: ignore[arg-type]


def nothing(_: Planned) -> None:
    return None


LEGS = [planned("1"), planned("2", runs=False), planned("3"), planned("4")]


def test_the_results_stand_in_the_order_of_the_legs() -> None:
    def work(each: Planned) -> LegResult:
        time.sleep(0.05 if each.name == "1" else 0)
        return result(each)

    done = pool.run(LEGS, work, nothing, 3)
    assert [(each.name, each.state) for each in done] == [
        ("1", "proven"),
        ("2", "elsewhere"),
        ("3", "proven"),
        ("4", "proven"),
    ]


def test_no_more_legs_at_a_time_than_were_asked_for() -> None:
    running, most, lock = 0, 0, threading.Lock()

    def work(each: Planned) -> LegResult:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        time.sleep(0.02)
        with lock:
            running -= 1
        return result(each)

    pool.run([planned(str(number)) for number in range(8)], work, nothing, 2)
    assert most == 2


def test_what_is_untouched_is_not_done_again() -> None:
    worked = []

    def work(each: Planned) -> LegResult:
        worked.append(each.name)
        return result(each)

    pool.run(LEGS, work, lambda each: result(each) if each.name == "3" else None, 1)
    assert worked == ["1", "4"]


def test_a_bug_in_one_leg_takes_no_other_with_it() -> None:
    def work(each: Planned) -> LegResult:
        if each.name == "1":
            raise ZeroDivisionError("oh")
        return result(each)

    done = pool.run(LEGS, work, nothing, 1)
    assert [each.state for each in done] == ["failed", "elsewhere", "proven", "proven"]
    assert done[0].reason == "this is a bug in tsgen: ZeroDivisionError: oh"


def test_a_full_disk_is_no_bug() -> None:
    def work(_: Planned) -> LegResult:
        raise OSError(28, "No space left on device", "leg.log")

    (done,) = pool.run([planned("1")], work, nothing, 1)
    assert done.state == "failed"
    assert "cannot be used" in done.reason
    assert "leg.log" in done.reason
    assert "bug" not in done.reason


def test_ctrl_c_ends_what_runs_and_begins_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    begun, ended = [], []

    def work(each: Planned) -> LegResult:
        begun.append(each.name)
        try:
            process.run([sys.executable, "-c", "import time; time.sleep(60)"])
        except TsgenError:
            ended.append(each.name)
            raise
        return result(each)

    def interrupted(_: object) -> None:
        deadline = time.monotonic() + 20
        while len(begun) < 2 and time.monotonic() < deadline:
            time.sleep(0.01)
        time.sleep(0.3)
        raise KeyboardInterrupt

    monkeypatch.setattr(pool, "as_completed", interrupted)
    started = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        pool.run([planned(str(number)) for number in range(5)], work, nothing, 2)
    assert time.monotonic() - started < 15
    assert begun == ended == ["0", "1"] or sorted(begun) == sorted(ended) == ["0", "1"]


def test_a_leg_of_which_no_result_came_is_missing_not_proven() -> None:
    assert pool.missing(planned("1")).state == "failed"
    other = pool.missing(planned("2", runs=False))
    assert (other.state, other.reason) == ("elsewhere", "no machine brought its result, and here it needs a Mac")


class Outer(console.Silent):
    def __init__(self) -> None:
        super().__init__()
        self.told: list[tuple[str, str]] = []

    def track(self, label: str, text: str) -> None:
        self.told.append((label, text))

    def untrack(self, label: str) -> None:
        self.told.append((label, "untracked"))


def test_what_a_leg_says_goes_into_its_log_and_its_step_onto_its_line(tmp_path: Path) -> None:
    outer = Outer()
    token = console.current.set(outer)
    try:
        with LegConsole.opened("leg", tmp_path / "leg.log"):
            steps = console.Steps()
            with steps("Build") as step:
                console.progress("[1/9] model.cpp")
                console.output("a line of the compiler")
                console.note("mind this")
                process.run([sys.executable, "-c", "pass"])
                step.done("g++ 12")
    finally:
        console.current.reset(token)
    log = (tmp_path / "leg.log").read_text(encoding="utf-8")
    for text in ("== Build", "a line of the compiler", "note: mind this", f"$ {sys.executable} -c pass", "g++ 12"):
        assert text in log
    assert ("leg", "build  [1/9] model.cpp") in outer.told
    assert outer.told[-1] == ("leg", "untracked")


def test_what_is_started_on_a_pulled_leash_ends_at_once() -> None:
    cancel_token = process.CancelToken()
    cancel_token.cancel()
    token = process.cancel_token.set(cancel_token)
    try:
        started = time.monotonic()
        with pytest.raises(TsgenError):
            process.run([sys.executable, "-c", "import time; time.sleep(60)"])
        assert time.monotonic() - started < 15
    finally:
        process.cancel_token.reset(token)


def test_an_error_of_an_interrupted_leg_is_not_its_result() -> None:
    def work(_: Planned) -> LegResult:
        raise BuildError("killed", hint="")

    with pytest.raises(BuildError):
        pool.run([planned("1")], work, nothing, 1)
