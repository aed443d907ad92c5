"""What is said, and how it looks."""

from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING

import pytest

from tsgen import console
from tsgen.console import Lines, Live, Silent, Steps

if TYPE_CHECKING:
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
    assert said.err == ""


def test_json_keeps_stdout_free_and_sends_notes_to_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    console.current.set(Silent(notes=True))
    speak()
    assert capsys.readouterr() == ("", "note: a note\n")


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
