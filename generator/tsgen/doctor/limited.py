"""Programs that may hang or crash: run with an end, and their failure is an answer."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from tsgen.errors import ToolMissingError
from tsgen.system import process

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tsgen.system.process import Finished

LATE = 124
"""The status of a program that did not end in time, as the command `timeout` has it."""
_DEADLINE = f"""
import subprocess, sys
try:
    sys.exit(subprocess.run(sys.argv[2:], timeout=float(sys.argv[1]), stdin=subprocess.DEVNULL).returncode)
except subprocess.TimeoutExpired:
    sys.exit({LATE})
except OSError as error:
    sys.exit(str(error))
"""


def run(command: Sequence[str | Path], *, seconds: float, merge: bool = False) -> Finished | None:
    """None when it cannot be run at all; the status is LATE when it was ended after `seconds`."""
    try:
        return process.run([sys.executable, "-I", "-S", "-c", _DEADLINE, str(seconds), *command],
                           env={"LC_ALL": "C"}, merge=merge, check=False)  # fmt: skip
    except ToolMissingError:
        return None
