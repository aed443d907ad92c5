"""The one place that starts other programs."""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tsgen.errors import ToolFailedError, ToolMissingError
from tsgen.system import process

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .conftest import Recorder, Script

needs_groups = pytest.mark.skipif(sys.platform == "win32", reason="process groups are a POSIX thing")


class Living:
    """A pipe that whoever lives holds open for writing: its end is the death of the last of them."""

    def __init__(self, path: Path) -> None:
        os.mkfifo(path)
        self.path = path
        self.reading = os.open(path, os.O_RDONLY | os.O_NONBLOCK)

    def close(self) -> None:
        os.close(self.reading)

    def any_after(self, seconds: float) -> bool:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if self._is_over():
                return False
            time.sleep(0.01)
        return True

    def _is_over(self) -> bool:
        try:
            return os.read(self.reading, 64) == b""
        except BlockingIOError:
            return False


@pytest.fixture
def living(tmp_path: Path) -> Iterator[Living]:
    living = Living(tmp_path / "living")
    yield living
    living.close()


def interrupt(line: str) -> None:
    if line == "ready":
        raise KeyboardInterrupt


def test_a_finished_program_gives_its_status_and_both_streams(tmp_path: Path, shell: Script) -> None:
    program = shell(tmp_path / "p", "echo out; echo err >&2; exit 3")
    assert process.run([program], check=False) == process.Finished(status=3, stdout="out\n", stderr="err\n")


def test_merged_streams_keep_their_order(tmp_path: Path, shell: Script) -> None:
    program = shell(tmp_path / "p", "echo 1; echo 2 >&2; echo 3; echo 4 >&2")
    finished = process.run([program], merge=True)
    assert (finished.stdout, finished.stderr) == ("1\n2\n3\n4\n", "")


def test_a_failing_program_raises_with_all_it_printed(tmp_path: Path, shell: Script) -> None:
    program = shell(tmp_path / "p", "echo out; echo err >&2; exit 3")
    with pytest.raises(ToolFailedError) as caught:
        process.run([program, "a b"])
    assert (caught.value.status, caught.value.output) == (3, "out\nerr\n")
    assert f"`{program} 'a b'` ended with status 3" in caught.value.message


def test_a_program_killed_by_a_signal_has_a_negative_status(tmp_path: Path, shell: Script) -> None:
    program = shell(tmp_path / "p", "kill -KILL $$")
    assert process.run([program], check=False).status == -signal.SIGKILL


def test_a_missing_program_is_named(tmp_path: Path) -> None:
    missing = tmp_path / "no such program"
    with pytest.raises(ToolMissingError) as caught:
        process.run([missing])
    assert caught.value.message == f"cannot run `{missing}`: {os.strerror(2)}"


@pytest.mark.parametrize("content", ["", "not a program"], ids=["empty", "text"])
def test_a_file_that_is_no_program_is_named(tmp_path: Path, content: str) -> None:
    path = tmp_path / "p"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ToolMissingError, match="cannot run"):
        process.run([path])


def test_words_are_passed_as_they_are(tmp_path: Path, shell: Script) -> None:
    words = ["a b", "'", '"', "$HOME", "ü;", "*", ""]
    program = shell(tmp_path / "p p", """for word in "$@"; do printf '<%s>' "$word"; done""")
    assert process.run([program, *words]).stdout == "".join(f"<{word}>" for word in words)


def test_the_environment_is_added_to(tmp_path: Path, shell: Script, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OURS", "kept")
    program = shell(tmp_path / "p", 'echo "$OURS $MORE"; pwd -P')
    output = process.run([program], env={"MORE": "added"}, cwd=tmp_path).stdout
    assert output == f"kept added\n{tmp_path.resolve()}\n"


def test_a_program_has_nothing_to_read(tmp_path: Path, shell: Script) -> None:
    assert process.run([shell(tmp_path / "p", "cat; echo end")]).stdout == "end\n"


def test_lines_are_seen_while_the_program_runs(tmp_path: Path, python: Script) -> None:
    seen: list[str] = []
    answer = tmp_path / "answer"
    body = f"""
        import pathlib, sys, time
        print("one", flush=True)
        end = time.monotonic() + 5
        while not pathlib.Path({str(answer)!r}).exists():
            time.sleep(0.01)
            if time.monotonic() > end:
                sys.exit("the line was not seen in time")
        print("two")
    """

    def on_line(line: str) -> None:
        seen.append(line)
        answer.touch()

    process.run([python(tmp_path / "p", body)], on_line=on_line)
    assert seen == ["one", "two"]


@pytest.mark.parametrize("merge", [False, True])
def test_output_that_is_not_utf_8_does_not_stop_the_run(tmp_path: Path, shell: Script, *, merge: bool) -> None:
    program = shell(tmp_path / "p", r"printf 'a\377b\n'; printf 'c\376d\n' >&2")
    finished = process.run([program], merge=merge)
    assert finished.stdout + finished.stderr == "a\ufffdb\nc\ufffdd\n"


def test_much_output_on_both_streams_does_not_block(tmp_path: Path, python: Script) -> None:
    body = "import sys\nfor _ in range(40):\n    sys.stderr.write('e' * 10_000)\n    sys.stdout.write('o' * 10_000)"
    finished = process.run([python(tmp_path / "p", body)])
    assert (len(finished.stdout), len(finished.stderr)) == (400_000, 400_000)


def test_the_command_is_shown_as_a_shell_would_take_it(tmp_path: Path, shell: Script, recorder: Recorder) -> None:
    program = shell(tmp_path / "p", "")
    process.run([program, "a b", Path("c;d")])
    assert recorder.all("command") == [f"{program} 'a b' 'c;d'"]


@needs_groups
def test_an_interrupt_ends_the_whole_group(tmp_path: Path, shell: Script, living: Living) -> None:
    """cmake, its ninja and ninja's compilers: none of them goes on in the background."""
    program = shell(tmp_path / "p", f'exec 3>"{living.path}"\nsleep 60 &\n(sleep 60) &\necho ready; wait')
    with pytest.raises(KeyboardInterrupt):
        process.run([program], on_line=interrupt)
    assert not living.any_after(2)


@needs_groups
@pytest.mark.parametrize(
    "body",
    [
        'trap "" TERM; exec 3>"{0}"; echo ready; while [ -e "{0}" ]; do sleep 0.05; done',
        '(trap "" TERM; exec 3>"{0}"; echo ready; while [ -e "{0}" ]; do sleep 0.05; done) & wait',
    ],
    ids=["the program", "a grandchild, when the program itself obeys"],
)
def test_what_does_not_listen_is_killed(
    tmp_path: Path, shell: Script, living: Living, monkeypatch: pytest.MonkeyPatch, body: str
) -> None:
    monkeypatch.setattr(process, "GRACE_SECONDS", 0.2)
    with pytest.raises(KeyboardInterrupt):
        process.run([shell(tmp_path / "p", body.format(living.path))], on_line=interrupt)
    still = living.any_after(1)
    living.path.unlink()
    assert not still


@needs_groups
def test_an_error_while_reading_ends_the_program(tmp_path: Path, shell: Script, living: Living) -> None:
    def fail(line: str) -> None:
        raise ValueError(line)

    program = shell(tmp_path / "p", f'exec 3>"{living.path}"; echo ready; sleep 60')
    with pytest.raises(ValueError, match="ready"):
        process.run([program], on_line=fail)
    assert not living.any_after(2)


def test_what_a_program_leaves_running_is_not_waited_for(tmp_path: Path) -> None:
    """It would hold the pipe open for as long as it likes."""
    begun = time.monotonic()
    ended = process.run(["sh", "-c", f"(sleep 60; touch {tmp_path}/late) & echo done"])
    assert ended.stdout == "done\n"
    assert time.monotonic() - begun < 30


@pytest.mark.skipif(sys.platform == "win32", reason="signals are a POSIX thing")
def test_an_interrupt_waits_for_the_end_of_what_must_not_be_disturbed() -> None:
    done = []

    def work() -> None:
        with process.undisturbed():
            signal.raise_signal(signal.SIGINT)
            done.append("to its end")

    with pytest.raises(KeyboardInterrupt):
        work()
    assert done == ["to its end"]
