"""What is said, and how it looks."""

from __future__ import annotations

import io
import sys
import time
from threading import Event, Thread
from typing import TYPE_CHECKING

import pytest

from tsgen import console
from tsgen.console import Beside, Json, Lines, Live, Piped, Steps, waiting

if TYPE_CHECKING:
    from collections.abc import Callable

    from .conftest import Recorder


class StoppedError(Exception):
    pass


def speak() -> None:
    """One of each kind."""
    with Steps()("Export") as step:
        console.progress("trace")
        step.done("resnet18")
    console.note("a note")
    console.command("a command")
    console.line("a line")


def test_the_table_has_columns(capsys: pytest.CaptureFixture[str]) -> None:
    lines = Lines()
    lines.end("Render", "myapp · 22 files", 0.31)
    lines.end("Resolve", "x" * 84, 123.5)
    lines.end("Export", "y" * 90, 0)
    assert capsys.readouterr().out.splitlines() == [
        f"  Render    {'myapp · 22 files':<84}   0.3 s",
        f"  Resolve   {'x' * 84} 123.5 s",
        f"  Export    {'y' * 90}   0.0 s",
    ]


@pytest.mark.parametrize(("verbose", "commands"), [(False, []), (True, ["  $ a command"])])
def test_a_pipe_gets_a_line_when_a_step_has_ended(
    capsys: pytest.CaptureFixture[str], *, verbose: bool, commands: list[str]
) -> None:
    console.current.set(Lines(verbose=verbose))
    speak()
    said = capsys.readouterr()
    assert said.out.splitlines() == [
        f"  Export    {'resnet18':<84}   0.0 s",
        "            note: a note",
        *commands,
        "a line",
    ]
    assert said.err == "  Export    started\n"


def test_json_keeps_stdout_free_and_sends_notes_to_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    console.current.set(Json())
    speak()
    assert capsys.readouterr() == ("", "  Export    started\nnote: a note\n")


@pytest.mark.parametrize("piped", [Lines, Json])
def test_what_takes_long_without_a_terminal_is_told_with_what_it_is_at(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], piped: type[Piped]
) -> None:
    hurry = Event()
    monkeypatch.setattr(waiting, "Timer", timer_that_ends_with(hurry))
    console.current.set(piped())
    with Steps()("Resolve"):
        console.progress("asking pip for torch==2.14.1")
        hurry.set()
        time.sleep(0.2)
    said = capsys.readouterr()
    assert said.err.splitlines() == [
        "  Resolve   started",
        "  Resolve   still at work after 10 s: asking pip for torch==2.14.1",
        "  Resolve   still at work after 20 s: asking pip for torch==2.14.1",
    ]
    assert not [line for line in said.out.splitlines() if "still at work" in line]


def test_each_of_several_things_at_a_time_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    lines = Lines()
    lines.track("linux-gcc", "")
    lines.track("linux-clang", "")
    lines.track("linux-gcc", "build")
    lines.untrack("linux-gcc")
    lines.untrack("linux-clang")
    assert capsys.readouterr() == ("", "  linux-gcc started\n  linux-clang started\n")


def test_what_was_begun_beside_a_step_is_told_of_once(capsys: pytest.CaptureFixture[str]) -> None:
    lines = Lines()
    lines.track("Build", "1/3 core.o")
    lines.begin("Build")
    lines.untrack("Build")
    lines.abandon()
    assert capsys.readouterr().err == "  Build     started\n"


def timer_that_ends_with(hurry: Event) -> Callable[..., Thread]:
    """Two of them end when `hurry` says so, whatever their time."""
    rounds = iter((hurry, hurry))

    def timer(_: int, action: Callable[..., None], arguments: list[object]) -> Thread:
        over = next(rounds, Event())

        def wait() -> None:
            if over.wait(5):
                action(*arguments)

        made = Thread(target=wait)
        made.cancel = lambda: None  # type: ignore[attr-defined]
        return made

    return timer


def test_without_a_console_nothing_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    speak()
    assert capsys.readouterr() == ("", "")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_ends_with_the_same_lines_as_a_pipe(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    console.current.set(Lines())
    speak()
    piped = capsys.readouterr().out.splitlines()
    terminal = Terminal()
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(sys, "stdout", terminal)
    console.current.set(Live())
    speak()
    shown = [line.rpartition("\x1b[2K")[2].rpartition("\r")[2] for line in terminal.getvalue().splitlines()]
    assert [line for line in shown if line in piped] == piped


def test_brackets_in_a_summary_are_not_taken_for_markup(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stdout", terminal)
    live = Live()
    live.begin("Export")
    live.progress("[red] float32[N,3]")
    live.end("Export", "float32[N,3] -> [bold]", 0)
    assert "float32[N,3] -> [bold]" in terminal.getvalue()


def test_a_step_is_timed_and_named(recorder: Recorder) -> None:
    steps = Steps()
    with steps("Export") as step:
        console.progress("trace")
        step.done("resnet18", "", "trace")
    assert recorder.said == [("begin", "Export"), ("progress", "trace"), ("end", "Export: resnet18 · trace")]
    assert list(steps.timings) == ["export"]
    assert 0 <= steps.timings["export"] < 1
    assert steps.up_to_date == []


def test_a_step_with_nothing_to_do_says_so(recorder: Recorder) -> None:
    steps = Steps()
    with steps("Build") as step:
        step.nothing_to_do("g++ 12.2")
    assert recorder.all("end") == ["Build: g++ 12.2 · up to date"]
    assert steps.up_to_date == ["build"]


@pytest.mark.parametrize("reason", [StoppedError, KeyboardInterrupt])
def test_a_step_that_fails_has_no_line_and_no_time(recorder: Recorder, reason: type[BaseException]) -> None:
    steps = Steps()
    with pytest.raises(reason), steps("Build"):
        raise reason
    assert recorder.said == [("begin", "Build"), ("abandon", "")]
    assert steps.timings == {}


def test_details_are_told_with_v_only(capsys: pytest.CaptureFixture[str]) -> None:
    console.Lines().detail("flat: it failed")
    assert capsys.readouterr().out == ""
    console.Lines(verbose=True).detail("flat: it failed")
    assert capsys.readouterr().out.strip() == "flat: it failed"


def test_what_is_done_beside_a_step_has_its_own_line_until_it_comes_to_front(recorder: Recorder) -> None:
    beside = Beside("Build", recorder)
    beside.progress("1/3 core.o")
    beside.come_to_front()
    beside.progress("2/3 runner.o")
    beside.command("cmake")
    assert recorder.said == [
        ("track", "Build: 1/3 core.o"),
        ("untrack", "Build"),
        ("progress", "2/3 runner.o"),
        ("command", "cmake"),
    ]


def test_what_never_began_beside_a_step_leaves_the_console_alone(recorder: Recorder) -> None:
    Beside("Build", recorder).come_to_front()
    assert recorder.said == []


def test_a_line_beside_a_step_outlives_it(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(sys, "stdout", terminal)
    live = Live()
    live.begin("Export")
    live.track("Build", "1/3 core.o")
    live.progress("trace")
    assert shown_by(live) == [("Export", "trace"), ("Build", "1/3 core.o")]
    live.end("Export", "resnet18", 1)
    live.track("Build", "2/3 runner.o")
    assert shown_by(live) == [("Build", "2/3 runner.o")]
    live.begin("Build")
    live.untrack("Build")
    live.progress("3/3 all.o")
    assert shown_by(live) == [("Build", "3/3 all.o")]
    live.abandon()
    assert shown_by(live) == []


def shown_by(live: Live) -> list[tuple[str, str]]:
    return [(task.fields["label"], task.description) for task in live._progress.tasks]
