"""What is shown of an exception that the user's code, or torch on its behalf, raised: short, and theirs only."""

from __future__ import annotations

import contextlib
import linecache
import re
import traceback
from typing import TYPE_CHECKING

from ..messages import Problem
from .needs import is_memory, need
from .origin import is_users
from .torch_messages import TORCHSCRIPT_TRACE

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
_RAISED = re.compile(r"[\w.]*(?:Error|Exception): ")
_PLACE = re.compile(r"File \"([^\"]+)\", line (\d+)")


def user_frames(trace: TracebackType | None) -> str:
    """The last frames of the user's own files, as Python prints them; empty when there are none."""
    frames = [frame for frame in traceback.extract_tb(trace) if is_users(frame.filename)]
    return "".join(traceback.format_list(frames[-FRAMES:])).rstrip()


def format_error(error: BaseException) -> str:
    """`RuntimeError: the first meaningful line`; of an interpreter's trace, the line at its end."""
    kind = type(error).__name__
    text = meaning(str(error))
    return f"{kind}: {text}" if text and not text.startswith(f"{kind}:") else text or kind


def last_line(error: BaseException) -> str:
    """What the interpreter of TorchScript says behind its trace: `NotImplementedError: ...`."""
    lines = [line.strip() for line in str(error).partition("Exception raised from")[0].splitlines() if line.strip()]
    raised = [line for line in lines if _RAISED.match(line)]
    return _cut((raised or lines or [type(error).__name__])[-1])


def meaning(text: str) -> str:
    """One line out of torch's forty."""
    lines = [line.strip() for line in text.splitlines() if not _NOISE.match(line)]
    if TORCHSCRIPT_TRACE in text and lines:
        lines = lines[-1:]
    return _cut(lines[0]) if lines else ""


def _cut(text: str) -> str:
    if len(text) > SENTENCE and ". " in text:
        text = text.partition(". ")[0]
    return text if len(text) <= LENGTH else text[: LENGTH - 3] + "..."


def format_compiler_error(error: BaseException) -> str:
    """The complaint of torch.jit.script: what it says, where, and the source line it is about."""
    text = str(error)
    what = meaning(text) or type(error).__name__
    places = [(name, int(line)) for name, line in _PLACE.findall(text)]
    mine = [place for place in places if is_users(place[0])] or places
    return f"{what} ({source_line(*mine[0])})" if mine else what


def format_trace_error(error: BaseException) -> str:
    """What was raised, and the user's line that raised it."""
    if _PLACE.search(str(error)):
        return format_compiler_error(error)
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if is_users(frame.filename)]
    place = f" ({source_line(frames[-1].filename, frames[-1].lineno or 0)})" if frames else ""
    return format_error(error) + place


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
        shown = f"{frames}\n{format_error(error)}" if frames else ""
        wanted = need(error)
        message = (
            f"{doing} {wanted.text} ({format_error(error)})" if wanted else f"{doing} raised {format_error(error)}"
        )
        raise Problem("model_raised", message, wanted.hint if wanted else hint, shown) from error
