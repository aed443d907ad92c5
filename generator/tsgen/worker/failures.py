"""What is shown of an exception that the user's code, or torch on its behalf, raised: short, and theirs only."""

from __future__ import annotations

import contextlib
import linecache
import re
import traceback
from typing import TYPE_CHECKING

from .origin import is_users
from .protocol import Problem
from .reasons import is_memory, reason

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType

FRAMES = 5
IN_YOUR_CODE = "this comes from the model's own code: correct it there; Python alone raises the same"
LENGTH = 300
SENTENCE = 160
"""Longer explanations are cut after their first sentence."""

_NOISE = re.compile(
    r"^\s*$|^\s*[~^ ]*~+[~^ ]*(<--- HERE)?$|^The following operation failed|^Traceback of TorchScript"
    r"|^Exception raised from|^frame #|^Serialized   ?File|^\s*File \""
)
_PLACE = re.compile(r"File \"([^\"]+)\", line (\d+)")


def user_frames(trace: TracebackType | None) -> str:
    """The last frames of the user's own files, as Python prints them; empty when there are none."""
    frames = [frame for frame in traceback.extract_tb(trace) if is_users(frame.filename)]
    return "".join(traceback.format_list(frames[-FRAMES:])).rstrip()


def said(error: BaseException) -> str:
    """`RuntimeError: the first meaningful line`; of an interpreter's trace, the line at its end."""
    kind = type(error).__name__
    text = meaning(str(error))
    return f"{kind}: {text}" if text and not text.startswith(f"{kind}:") else text or kind


def meaning(text: str) -> str:
    """One line out of torch's forty."""
    lines = [line.strip() for line in text.splitlines() if not _NOISE.match(line)]
    if "Traceback of TorchScript" in text and lines:
        lines = lines[-1:]
    return _cut(lines[0]) if lines else ""


def _cut(text: str) -> str:
    if len(text) > SENTENCE and ". " in text:
        text = text.partition(". ")[0]
    return text if len(text) <= LENGTH else text[: LENGTH - 3] + "..."


def compiler_said(error: BaseException) -> str:
    """torch.jit.script's complaint: what it says, where, and the source line it is about."""
    text = str(error)
    what = meaning(text) or type(error).__name__
    places = [(name, int(line)) for name, line in _PLACE.findall(text)]
    mine = [place for place in places if is_users(place[0])] or places
    return f"{what} ({source_line(*mine[0])})" if mine else what


def trace_said(error: BaseException) -> str:
    """What was raised, and the user's line that raised it."""
    if _PLACE.search(str(error)):
        return compiler_said(error)
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if is_users(frame.filename)]
    place = f" ({source_line(frames[-1].filename, frames[-1].lineno or 0)})" if frames else ""
    return said(error) + place


def source_line(filename: str, number: int) -> str:
    """`model.py:12: if x.sum() > 0:`."""
    line = linecache.getline(filename, number).strip()
    name = filename.replace("\\", "/").rpartition("/")[2]
    return f"{name}:{number}: {line}" if line else f"{name}:{number}"


@contextlib.contextmanager
def user_code(doing: str, hint: str = IN_YOUR_CODE) -> Iterator[None]:
    """Whatever the user's code raises, SystemExit included, becomes `DOING raised ...` with the user's own frames.

    Where it wants something that this machine has not, that is said first. Memory that has run out is left as it is.
    """
    try:
        yield
    except (KeyboardInterrupt, Problem):
        raise
    except BaseException as error:
        if is_memory(error):
            raise
        frames = user_frames(error.__traceback__)
        shown = f"{frames}\n{said(error)}" if frames else ""
        wants, way_out = reason(error)
        message = f"{doing} {wants} ({said(error)})" if wants else f"{doing} raised {said(error)}"
        raise Problem("model_raised", message, way_out or hint, shown) from error
