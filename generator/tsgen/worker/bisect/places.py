"""The line of source that an operator comes from: the user's own where there is one."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from ..users_code.failures import source_line
from ..users_code.origin import is_users

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..aliases import GraphNode

_TRACED = re.compile(r"^\s*(\S.*)\((\d+)\): \S+$", re.MULTILINE)
"""A line of the stack that a trace keeps with each operator, the innermost first: `FILE(LINE): FUNCTION`.

getPythonInterpreterSourceRange in torch/csrc/jit/python/python_tracer.cpp writes it.
"""
_SCRIPTED = re.compile(r'^\s*File "([^"]+)", line (\d+)', re.MULTILINE)
_SERIALIZED = re.compile(r"^Serialized ", re.MULTILINE)
"""Before the place in the file's own code; SourceRange::highlight in torch/csrc/jit/frontend/source_range.cpp."""
_PLUMBING = {"_ops.py", "module.py", "_trace.py"}
"""Files of torch that every operator comes through."""
_WORKER = Path(__file__).resolve().parents[1]


def of_node(node: GraphNode) -> str:
    """`net.py:12: return self.fc(x)`; empty when the file does not say."""
    text = _SERIALIZED.split(str(node.sourceRange()))[0]
    return _best([(name, int(line)) for name, line in _TRACED.findall(text) or _SCRIPTED.findall(text)])


def of_caller() -> str:
    """The line that is running; the same for an operator of eager Python."""
    frame = sys._getframe(1)  # noqa: SLF001 - the only way to a stack without its source lines
    places = []
    while frame is not None:
        places.append((frame.f_code.co_filename, frame.f_lineno))
        frame = frame.f_back  # type: ignore[assignment]
    return _best(places)


def _best(places: Iterable[tuple[str, int]]) -> str:
    """The innermost line of the user's; else of a library that uses torch; else torch's own."""
    known = [place for place in places if not place[0].startswith("<") and _WORKER not in Path(place[0]).parents]
    ranked = sorted(known, key=lambda place: _rank(place[0]))
    return source_line(*ranked[0]) if ranked else ""


def _rank(name: str) -> int:
    if is_users(name):
        return 0
    parts = Path(name).parts
    if "torch" not in parts:
        return 1
    return 3 if parts[-1] in _PLUMBING else 2
