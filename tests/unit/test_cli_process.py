"""The command line as a program of its own: what its help costs, and how it dies."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from textwrap import dedent
from typing import TYPE_CHECKING

import pytest

from tsgen.system import process

from .make import torch_folder

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from .conftest import Script

posix = pytest.mark.skipif(sys.platform == "win32", reason="signals are a POSIX thing")
HEAVY = {
    "torch",
    "torchvision",
    "cookiecutter",
    "rich",
    "numpy",
    "tomlkit",
    "jinja2",
    "packaging",
    "filelock",
    "lief",
    "msgspec",
    "requests",
    "subprocess",
    "json",
}
MODULES = 110
"""`--help` imports 80 besides what Python starts with, nearly all of them for click; four are tsgen's own."""


@pytest.mark.parametrize("words", [["--help"], ["--version"]])
def test_help_imports_nothing_that_only_a_command_needs(words: list[str]) -> None:
    code = (
        "import sys\n"
        "known = set(sys.modules)\n"
        "import tsgen.cli\n"
        "try:\n"
        f"    tsgen.cli.main({words!r})\n"
        "except SystemExit:\n"
        "    print('imported', *set(sys.modules) - known)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True)
    imported = set(done.stdout.splitlines()[-1].split())
    assert "click" in imported
    assert {name.partition(".")[0] for name in imported} & HEAVY == set()
    assert len(imported) <= MODULES


def test_the_package_can_be_run_as_a_module() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tsgen", "build", "/no/such"], capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == 2
    assert "is not a tsgen project" in done.stderr


@posix
@pytest.mark.parametrize("number", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_a_signal_ends_tsgen_and_what_it_started(tmp_path: Path, shell: Script, number: str) -> None:
    with new_with(tmp_path, shell, "exec sleep 60") as tsgen:
        tsgen.send_signal(signal.Signals[number])
        out, _ = tsgen.communicate(timeout=60)
    assert tsgen.returncode == 130
    assert json.loads(out)["error"]["code"] == 130
    assert list((tmp_path / "out").iterdir()) == []
    assert _state(_pid(tmp_path)) in {"", "Z"}


@posix
def test_a_second_signal_ends_at_once_what_does_not_listen_to_the_first(tmp_path: Path, shell: Script) -> None:
    """It must neither leave the program running nor wait for it as long as the first would."""
    deaf = f'trap "touch {tmp_path}/asked" TERM'
    with new_with(tmp_path, shell, "while :; do sleep 0.05; done", first=deaf) as tsgen:
        tsgen.send_signal(signal.SIGINT)
        _wait_for(tmp_path / "asked", tsgen)
        begun = time.monotonic()
        tsgen.send_signal(signal.SIGINT)
        tsgen.communicate(timeout=60)
    assert time.monotonic() - begun < process.GRACE_SECONDS - 1
    assert tsgen.returncode == 130
    assert list((tmp_path / "out").iterdir()) == []
    assert _state(_pid(tmp_path)) in {"", "Z"}


@posix
def test_a_signal_that_is_ignored_stays_so(tmp_path: Path, shell: Script) -> None:
    """As nohup asks for."""
    with new_with(tmp_path, shell, "sleep 0.5", before=["nohup"]) as tsgen:
        tsgen.send_signal(signal.SIGHUP)
        out, _ = tsgen.communicate(timeout=60)
    assert "before it could answer" in json.loads(out)["error"]["message"]


@posix
def test_a_worker_ends_with_the_tsgen_that_was_killed(tmp_path: Path) -> None:
    """And what the model's code has started."""
    child = f"""
        import subprocess, time
        from tsgen.worker.host import parent
        parent.end_with_it()
        started = subprocess.Popen(["sleep", "60"])
        open({str(tmp_path / "pid")!r}, "w").write(f"{{os.getpid()}} {{started.pid}}\\n")
        time.sleep(60)
        """
    outer = "import sys; from tsgen.system import process; process.run([sys.executable, '-c', sys.argv[1]], tied=True)"
    with subprocess.Popen([sys.executable, "-c", outer, "import os\n" + dedent(child)], encoding="utf-8") as tsgen:
        _wait_for(tmp_path / "pid", tsgen)
        tsgen.kill()
    end = time.monotonic() + 10
    pids = _pid(tmp_path).split()
    while time.monotonic() < end and not {_state(pid) for pid in pids} <= {"", "Z"}:
        time.sleep(0.02)
    left = [pid for pid in pids if _state(pid) not in {"", "Z"}]
    for pid in left:
        os.kill(int(pid), signal.SIGKILL)
    assert left == []


@contextmanager
def new_with(
    folder: Path, shell: Script, body: str, *, first: str = "", before: Sequence[str] = ()
) -> Iterator[subprocess.Popen[str]]:
    """`tsgen new` at its export: the model's Python answers the question for its torch; as the worker it runs `body`.

    It is known to run after `first`.
    """
    torch = torch_folder(folder / "torch")
    start = f"""
        if [ "$1" = -c ]; then echo '["3.11.0", ["{torch}"]]'; exit; fi
        {first}
        echo $$ > "{folder}/pid.new"; mv "{folder}/pid.new" "{folder}/pid"
        """
    worker = shell(folder / "python", dedent(start) + body)
    words = ["new", "myapp", "--model", "resnet18", "--python", str(worker), "--json", "--output", str(folder / "out")]
    command = [*before, sys.executable, "-m", "tsgen", *words]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8") as tsgen:
        _wait_for(folder / "pid", tsgen)
        yield tsgen


def _pid(folder: Path) -> str:
    return (folder / "pid").read_text(encoding="utf-8").strip()


def _wait_for(path: Path, tsgen: subprocess.Popen[str]) -> None:
    end = time.monotonic() + 10
    while not path.exists():
        assert tsgen.poll() is None, tsgen.communicate()
        assert time.monotonic() < end
        time.sleep(0.02)


def _state(pid: str) -> str:
    done = subprocess.run(["ps", "-o", "stat=", "-p", pid], capture_output=True, encoding="utf-8", check=False)
    return done.stdout.strip()[:1]
