"""What the compile cache did for one build: a line with -v."""

from __future__ import annotations

import os
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from tsgen import console
from tsgen.toolchain import ccache, sccache

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

LOG = "tsgen-ccache.log"
_CXX = "CMAKE_CXX_COMPILER_LAUNCHER"


@contextmanager
def counting(folder: Path, variables: Mapping[str, str], environment: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """Around a build in `folder`, which gets the environment that this gives; the rest is what CMake was told.

    ccache accounts for each build by itself. sccache has one account for all: builds at the same time are in it too.
    """
    program, log = variables.get(_CXX, ""), Path(os.environ.get(ccache.STATS_LOG) or folder / LOG).absolute()
    if ccache.STATS_LOG not in os.environ:
        log.unlink(missing_ok=True)
    begin = log.stat().st_size if log.is_file() else 0
    before = _of_sccache(program, environment)
    # A ccache that the user put there with CMake's own variable tells as well.
    yield {ccache.STATS_LOG: str(log)}
    after = _of_sccache(program, environment)
    if before and after:
        _say("sccache", after[0] - before[0], after[1] - before[1])
    elif counted := ccache.counts(log, begin):
        _say("ccache", *counted)


def _of_sccache(program: str, environment: Mapping[str, str]) -> tuple[int, int] | None:
    return sccache.counts(program, environment) if Path(program).stem == "sccache" else None


def _say(name: str, hits: int, misses: int) -> None:
    if hits or misses:
        console.detail(f"{name}: {hits} of {hits + misses} compilations were in the cache")
