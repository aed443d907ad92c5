"""The command line as a program of its own: what its help costs, and how it dies."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from .make import torch_folder

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import Script

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
    "requests",
}


@pytest.mark.parametrize("words", [["--help"], ["--version"]])
def test_help_imports_nothing_that_only_a_command_needs(words: list[str]) -> None:
    code = (
        "import sys, tsgen.cli\n"
        "try:\n"
        f"    tsgen.cli.main({words!r})\n"
        "except SystemExit:\n"
        "    print('imported', *{name.partition('.')[0] for name in sys.modules})\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True)
    imported = set(done.stdout.splitlines()[-1].split())
    assert "click" in imported
    assert imported & HEAVY == set()


def test_the_package_can_be_run_as_a_module() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tsgen", "build", "/no/such"], capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == 2
    assert "is not a tsgen project" in done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="signals are a POSIX thing")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_tsgen_and_what_it_started(tmp_path: Path, shell: Script, number: signal.Signals) -> None:
    torch = torch_folder(tmp_path / "torch")
    # It answers the question for its torch; as the worker it stays.
    worker = shell(
        tmp_path / "python",
        f"""
        if [ "$1" = -c ]; then echo '["3.11.0", ["{torch}"]]'; exit; fi
        echo $$ > "{tmp_path}/pid"
        exec sleep 60
        """,
    )
    command = [sys.executable, "-m", "tsgen", "new", "myapp", "--model", "resnet18", "--python", str(worker), "--json"]
    with subprocess.Popen(
        [*command, "--output", str(tmp_path / "out")], stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8"
    ) as tsgen:
        _wait_for(tmp_path / "pid", tsgen)
        tsgen.send_signal(number)
        out, _ = tsgen.communicate(timeout=60)
    assert tsgen.returncode == 130
    assert json.loads(out)["error"]["code"] == 130
    assert list((tmp_path / "out").iterdir()) == []
    pid = (tmp_path / "pid").read_text(encoding="utf-8").strip()
    assert _state(pid) in {"", "Z"}


def _wait_for(path: Path, process: subprocess.Popen[str]) -> None:
    end = time.monotonic() + 10
    while not path.exists():
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < end
        time.sleep(0.02)


def _state(pid: str) -> str:
    done = subprocess.run(["ps", "-o", "stat=", "-p", pid], capture_output=True, encoding="utf-8", check=False)
    return done.stdout.strip()[:1]
