"""Runs a command and says how long it took; watched, also how much memory it and all it started had at one time."""

from __future__ import annotations

import os
import statistics
import subprocess
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

PROC = Path("/proc")
PERIOD = 0.05
"""Seconds between two looks at the memory."""
_KIB_PER_MIB = 1024
_TOOLS = ("CCACHE_", "CMAKE_", "SCCACHE_", "TSGEN_", "Torch_ROOT", "TORCH_INSTALL_PREFIX", "OMP_NUM_THREADS")
_PYTHON = ("PYTHONDONTWRITEBYTECODE", "PYTHONPYCACHEPREFIX")
"""Without bytecode a checkout's modules are compiled at each start; those of what pip installed are not."""
_LEFT_OUT = _TOOLS + _PYTHON
"""A choice of the person who measures would reach one side, or both, without being seen in the table."""


class Failed(Exception):  # noqa: N818 - it is no error of the suite's
    """A command ended with another status than 0."""


@dataclass(frozen=True)
class Ran:
    output: str
    seconds: float
    peak: float = 0.0
    """MiB, where it was watched."""


def environment(**more: str) -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith(_LEFT_OUT)} | more


def run(*words: object, cwd: Path, env: Mapping[str, str], watched: bool = False) -> Ran:
    """Raises Failed, with what the command printed."""
    command, begun = [str(word) for word in words], time.perf_counter()
    with subprocess.Popen(
        command, cwd=cwd, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as process:
        watch = Watch(process.pid) if watched else None
        output = process.communicate()[0].decode(errors="replace")
        seconds = time.perf_counter() - begun
        peak = watch.stop() if watch else 0.0
    if process.returncode:
        raise Failed(f"{' '.join(command)} ended with status {process.returncode}\n{output}")
    return Ran(output, seconds, peak)


def in_turn(number: int, ours: Callable[[], float], against: Callable[[], float]) -> tuple[float, float]:
    """Both once; who comes first changes from round to round, since the second finds warmer caches."""
    if number % 2:
        second = against()
        return ours(), second
    return ours(), against()


def alternating(times: int, ours: Callable[[], float], against: Callable[[], float]) -> tuple[float, float]:
    """The medians of both, for what is short: a busy moment hits both."""
    pairs = [in_turn(number, ours, against) for number in range(times)]
    return statistics.median(pair[0] for pair in pairs), statistics.median(pair[1] for pair in pairs)


class Watch:
    """The largest sum, at one time, of the proportional set sizes of a process and all below it.

    A page that several processes share counts once: the sum of the resident sets would count LibTorch, which Python
    and the program have from one file, twice.
    """

    def __init__(self, root: int) -> None:
        self._root, self._peak = root, 0.0
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def _look(self) -> None:
        while not self._end.wait(PERIOD):
            self._peak = max(self._peak, sum(map(proportional, below(self._root, parents()))))

    def stop(self) -> float:
        """Ends the watch; the peak in MiB."""
        self._end.set()
        self._thread.join()
        return self._peak / _KIB_PER_MIB


def parents() -> dict[int, int]:
    """The parent of each process that is there now."""
    return dict(_parents())


def _parents() -> Iterator[tuple[int, int]]:
    for folder in PROC.iterdir():
        if folder.name.isdecimal():
            try:
                # A program's name may have blanks and parentheses in it: the last one ends it.
                words = (folder / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
            except OSError:
                continue
            yield int(folder.name), int(words[1])


def below(root: int, parent_of: Mapping[int, int]) -> set[int]:
    """`root` and all its descendants."""
    found, size = {root}, 0
    while size != len(found):
        size = len(found)
        found |= {process for process, parent in parent_of.items() if parent in found}
    return found


def proportional(process: int) -> int:
    """KiB; none of a process that has ended."""
    try:
        text = (PROC / str(process) / "smaps_rollup").read_text(encoding="utf-8")
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:")), 0)
