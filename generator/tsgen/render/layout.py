"""Lines of C++ as clang-format leaves them, with the project's .clang-format."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

COLUMNS = 100
_PLAIN = frozenset(range(0x20, 0x7F))
_ESCAPED = frozenset(b'"\\')


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


def width(depth: int) -> int:
    """What is left of a line in a struct inside `depth - 1` others."""
    return COLUMNS - 2 * depth


def joined(before: str, after: str, columns: int) -> str:
    """`before after`, or `after` on a line of its own."""
    return f"{before} {after}" if len(before) + 1 + len(after) <= columns else f"{before}\n    {after}"


def called(function: str, arguments: Sequence[str], after: str, columns: int) -> str:
    """A call, its arguments below one another where they do not fit."""
    line = f"{function}({', '.join(arguments)}){after}"
    if len(line) <= columns:
        return line
    if len(arguments) == 1:
        return f"{function}(\n    {line[len(function) + 1 :]}"
    between = ",\n" + " " * (len(function) + 1)
    return f"{function}({between.join(arguments)}){after}"


def made_of(variable: str, function: str, arguments: Sequence[str], columns: int) -> str:
    """A variable initialised by a call, which goes to a line of its own where it fits only there."""
    call = f"{function}({', '.join(arguments)})"
    if len(call) + 6 <= columns < len(variable) + len(call) + 3:
        return f"{variable}(\n    {call});"
    return called(f"{variable}({function}", arguments, ");", columns)


def head(kind: str, name: str, argument: str, after: str, columns: int) -> str:
    """The first lines of a member function."""
    if len(f"{kind} {name}(") > columns:
        return f"{kind}\n{called(name, [argument], after, 0)}"
    return called(f"{kind} {name}", [argument], after, columns)


def function(head: str, body: str, columns: int) -> str:
    """A short function on one line, when it is one statement."""
    lines = body.strip().splitlines()
    one = f"{head} {{ {lines[0]} }}"
    if len(lines) == 1 and len(one) <= columns:
        return one
    return "\n".join([f"{head} {{", *(f"  {line}" for line in lines), "}"])
