"""Downloads that are killed, and downloads by several processes at once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from tsgen.system import fetch

from .archive_server import CONTENT, NAME, QUICK, hash_of, trickle

if TYPE_CHECKING:
    from pathlib import Path

    from .archive_server import Server

DOWNLOAD = """
import sys
from pathlib import Path
from tsgen.system import fetch
print(fetch.download(sys.argv[1], Path(sys.argv[2]), patience=fetch.Patience(chunk=1000)))
"""
ENDS = [signal.SIGINT] + ([] if sys.platform == "win32" else [signal.SIGKILL])


def start(server: Server, target: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", DOWNLOAD, f"{server.url}/{NAME}", str(target)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, encoding="utf-8")


def wait_for_bytes(target: Path, count: int) -> None:
    part, end = target.with_name(f".{target.name}.part"), time.monotonic() + 10
    while not part.is_file() or part.stat().st_size < count:
        assert time.monotonic() < end
        time.sleep(0.002)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signals")
@pytest.mark.parametrize("number", ENDS)
def test_a_download_that_was_killed_goes_on_where_it_was(server: Server, tmp_path: Path, number: int) -> None:
    target = tmp_path / "libtorch.zip"
    server.misdeeds = [trickle(1000, 0.01)]
    with start(server, target) as process:
        wait_for_bytes(target, 10_000)
        process.send_signal(number)
    assert process.returncode != 0
    assert not target.exists()
    assert fetch.download(f"{server.url}/{NAME}", target, patience=QUICK) == hash_of(CONTENT)
    assert target.read_bytes() == CONTENT
    [first, second] = server.ranges
    assert first == ""
    assert 10_000 <= int(second.removeprefix("bytes=").removesuffix("-")) < len(CONTENT)


def test_two_processes_do_not_write_the_same_file_at_once(server: Server, tmp_path: Path) -> None:
    target = tmp_path / "libtorch.zip"
    server.always = trickle(5000, 0.01)
    with start(server, target) as one, start(server, target) as other:
        outputs = [process.communicate(timeout=10)[0].strip() for process in (one, other)]
    assert outputs == [hash_of(CONTENT)] * 2
    assert target.read_bytes() == CONTENT
    assert server.ranges == [""]
