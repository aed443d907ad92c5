"""Numbers and texts as C++ writes them, and what an input is before it is set."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tsgen.types import Tree

_SMALLEST = -(2**63)
_REAL = "std::numeric_limits<double>"
_LONGEST = 40
_PLAIN = frozenset(range(0x20, 0x7F))
_ESCAPED = frozenset(b'"\\')
Plain = bool | int | float | str


def text_literal(text: str) -> str:
    """A C++ string literal; other bytes than plain ASCII as three octal digits, which end by themselves."""
    return f'"{"".join(map(_letter, text.encode()))}"'


def _letter(byte: int) -> str:
    if byte not in _PLAIN:
        return f"\\{byte:03o}"
    return f"\\{chr(byte)}" if byte in _ESCAPED else chr(byte)


def line_literal(line: str) -> str:
    r"""A line of text with its end, and `\t` where a tab is."""
    return '"' + "\\t".join(text_literal(part)[1:-1] for part in line.split("\t")) + '\\n"'


def literal(value: Plain, kind: str) -> str:
    """A C++ literal of the kind `int`, `float`, `bool` or `str`; C++ reads the same number from it."""
    if kind == "float":
        return _real(float(value))
    if kind == "str":
        return text_literal(str(value))
    # C++ reads a minus sign and a number, and that number does not fit.
    return f"{_SMALLEST + 1} - 1" if value == _SMALLEST else str(value).lower()


def made(value: Plain, kind: str, cpp: str) -> str:
    """What a variable of the C++ type is initialised with: a zero inside a text would end its literal."""
    text = literal(value, kind)
    inside = kind == "str" and "\0" in str(value)
    return f"{cpp}({text}, {len(str(value).encode())})" if inside else text


def _real(value: float) -> str:
    if math.isnan(value):
        return f"{_REAL}::quiet_NaN()"
    if math.isinf(value):
        return f"{'-' if value < 0 else ''}{_REAL}::infinity()"
    return repr(value)


def initial(tree: Tree, scalars: Mapping[str, str], *, is_array: bool) -> str:
    """Python's default behind a `=`; empty when there is none for the whole of it."""
    node = tree.node
    if node.default is not None:
        return f" = {made(node.default, node.kind, scalars[node.kind])}"
    values = [(child.node.default, child.node.kind) for child in tree.children]
    if not is_array or node.optional or any(default is None for default, _ in values):
        return ""
    return f" = {{{', '.join(made(default, kind, scalars[kind]) for default, kind in values if default is not None)}}}"


def default_words(tree: Tree) -> str:
    """Python's own form of it, for a comment."""
    if tree.node.default is not None:
        return _words(tree.node.default, tree.node.kind)
    return f"({', '.join(_words(child.node.default, child.node.kind) for child in tree.children)})"


def _words(value: Plain | None, kind: str) -> str:
    words = str(value) if kind == "float" else repr(value)
    return words if len(words) <= _LONGEST else f"{words[:_LONGEST]}..."
