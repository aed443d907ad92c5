"""What stands at a line of Python: a statement's header, the numbers it compares with, whether it is in a try."""

from __future__ import annotations

import ast
import linecache
import sys
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

LARGEST = 1_000_000
"""A number above it is no size."""


@cache
def header(filename: str, number: int) -> tuple[int, int]:
    """The first and the last line of the innermost statement there, without the blocks below it."""
    found = [_lines(node) for node in _statements(filename)]
    around = [(first, last) for first, last in found if first <= number <= last]
    return max(around, default=(number, number))


@cache
def is_guarded(filename: str, number: int) -> bool:
    """Whether an exception there is caught, and the code goes on."""
    return any(first <= number <= last for first, last in _guarded(filename))


def numbers_compared(filename: str, number: int) -> tuple[int, ...]:
    """The whole numbers in the comparisons of the line that runs now, attributes included; empty when it is not."""
    frame = _running(filename, number)
    if frame is None:
        return ()
    parts = [part for node in _compares(filename, number) for part in ast.walk(node)]
    values = [_value(part, frame) for part in parts]
    return tuple(dict.fromkeys(value for value in values if type(value) is int and 0 < value <= LARGEST))


@cache
def module_of(filename: str) -> ast.Module:
    """The source as a tree; an empty one for what is no Python."""
    try:
        return ast.parse("".join(linecache.getlines(filename)))
    except (SyntaxError, ValueError):
        return ast.Module([], [])


@cache
def _statements(filename: str) -> list[ast.stmt]:
    return [node for node in ast.walk(module_of(filename)) if isinstance(node, ast.stmt)]


def _lines(node: ast.stmt) -> tuple[int, int]:
    head = getattr(node, "test", getattr(node, "iter", None))
    body = getattr(node, "body", None)
    last = head if head is not None and body else node
    return node.lineno, node.lineno if body and head is None else last.end_lineno or node.lineno


@cache
def _guarded(filename: str) -> list[tuple[int, int]]:
    tries = [node for node in ast.walk(module_of(filename)) if isinstance(node, ast.Try)]
    return [(node.body[0].lineno, node.body[-1].end_lineno or 0) for node in tries if any(map(_goes_on, node.handlers))]


def _goes_on(handler: ast.ExceptHandler) -> bool:
    return not isinstance(handler.body[-1], ast.Raise)


@cache
def _compares(filename: str, number: int) -> list[ast.Compare]:
    first, last = header(filename, number)
    found = [node for node in ast.walk(module_of(filename)) if isinstance(node, ast.Compare)]
    return [node for node in found if first <= node.lineno <= last]


def _running(filename: str, number: int) -> FrameType | None:
    return next((frame for frame in frames() if (frame.f_code.co_filename, frame.f_lineno) == (filename, number)), None)


def frames() -> Iterator[FrameType]:
    """The frames of the stack, from the caller's outwards."""
    frame: FrameType | None = sys._getframe(1)  # noqa: SLF001 - as documented; inspect.stack() reads every source
    while frame is not None:
        yield frame
        frame = frame.f_back


def _value(node: ast.AST, frame: FrameType) -> Any:
    """The value of a number, a name or an attribute; calls are not repeated."""
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, ast.Name):
        return frame.f_locals.get(node.id, frame.f_globals.get(node.id))
    if isinstance(node, ast.Attribute):
        return getattr(_value(node.value, frame), node.attr, None)
    return None
