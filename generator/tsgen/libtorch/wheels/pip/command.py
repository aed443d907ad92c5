"""How pip is run: as a program, with its own configuration, so that its failures become sentences."""

from __future__ import annotations

import re
import sys
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from typing import TYPE_CHECKING

from packaging.version import Version

from tsgen.console.meter import Meter
from tsgen.errors import ToolMissingError
from tsgen.libtorch.wheels.pip.refusals import refusal
from tsgen.system import process

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from tsgen.libtorch.wheels.pip.query import Query

_PROGRESS = re.compile(r"Progress (\d+) of (\d+)")
_USAGE = 2
# The first with `--report` and `--dry-run`.
FLOOR = Version("22.2")
_BRING = "python -m ensurepip"
# What a user may have configured for installing, and what would hide pip's reasons from us.
_ENVIRONMENT = {
    "PIP_QUIET": "0",
    "PIP_REQUIRE_HASHES": "0",
    "PIP_REQUIRE_VIRTUALENV": "0",
    "PIP_USER": "0",
    "PYTHONIOENCODING": "utf-8",
    # A folder `pip` where the user happens to be is not the one to run.
    "PYTHONSAFEPATH": "1",
}


class Progress:
    """Tells the progress that pip's raw lines report."""

    def __init__(self, what: str) -> None:
        self._what = re.sub("===?", " ", what)
        self._meter: Meter | None = None
        self._total = 0

    def __call__(self, line: str) -> None:
        match = _PROGRESS.fullmatch(line.strip())
        if not match:
            return
        done, total = int(match[1]), int(match[2])
        if not self._meter or total != self._total:
            self._meter, self._total = Meter(total or None, doing=self._what), total
        self._meter.tell(done)


def require() -> None:
    """Raises ToolMissingError when the Python that runs tsgen has no pip, or one that cannot tell what an index has."""
    if not find_spec("pip"):
        raise ToolMissingError("this Python has no pip, which fetches wheels", hint=_BRING)
    try:
        found = version("pip")
    except PackageNotFoundError:
        return  # it does not tell
    if Version(found) < FLOOR:
        raise ToolMissingError(
            f"pip {FLOOR} or newer is needed to ask an index for wheels; {sys.executable} has pip {found}",
            hint=f"{sys.executable} -m pip install --upgrade pip",
        )


def pip(
    command: str,
    words: Sequence[str],
    query: Query,
    *,
    optional: Sequence[str] = (),
    temporary: Path | None = None,
    on_line: Callable[[str], None] | None = None,
) -> None:
    """Run `pip command words optional`; once more without `optional` when this pip does not know it.

    What a killed pip leaves in `temporary`, its folder for temporary files, is for the caller to remove.
    Raises what `refusals` makes of a failure to answer `query`, and ToolMissingError as `require` does.
    """
    require()
    program = [sys.executable, "-m", "pip", command, "--no-input", "--disable-pip-version-check", "--no-color", *words]
    places = {name: str(temporary) for name in ("TMPDIR", "TEMP", "TMP")} if temporary else {}
    env = {**_ENVIRONMENT, **places}
    finished = process.run([*program, *optional], env=env, on_line=on_line, check=False)
    if finished.status == _USAGE and optional and optional[-1] in finished.stderr:
        finished = process.run(program, env=env, on_line=on_line, check=False)
    if finished.status:
        raise refusal(finished.stdout, finished.stderr, query)
