"""What an operator's declaration says of memory: `aten::add_.Tensor(Tensor(a!) self, ...) -> Tensor(a!)`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

_MARK = re.compile(r"\(([a-z]\w*(?:\|[a-z]\w*)*|\*)(!?)(?:\s*->\s*[\w*| ]+)?\)(\[\d*\])?")
"""`(a)`, `(a!)`, `(a -> *)`, `(*)`; a pair of brackets after it: the elements of a list are meant."""
_NAMED = re.compile(r"(.*\S)\s+(\w+)")
_DEFAULT = re.compile(r"=(?!\s*>).*$")
_OPEN, _CLOSE = "([{", ")]}"


@dataclass(frozen=True)
class Declared:
    """One argument or result. `sets`: the letters it shares with what it may be a view of; `*`: of any element."""

    name: str
    type: str
    sets: frozenset[str] = frozenset()
    writes: bool = False
    elements: bool = False
    """The mark is about the elements of a list."""

    @property
    def is_tensor(self) -> bool:
        """Whether its type is a tensor's: no list of tensors and no type variable."""
        return self.type.rstrip("?") == "Tensor"


@dataclass(frozen=True)
class Declaration:
    arguments: tuple[Declared, ...]
    results: tuple[Declared, ...]


@lru_cache(maxsize=4096)
def read(schema: str) -> Declaration | None:
    """None for what has no declaration: torch writes `(no schema)` then."""
    name, _, rest = schema.partition("(")
    if "::" not in name:
        return None
    takes, _, gives = _closed(rest)
    gives = gives.partition("->")[2].strip()
    if gives.startswith("(") and _closed(gives[1:])[2] == "":
        gives = gives[1:-1]
    return Declaration(_all(takes), _all(gives))


def _all(text: str) -> tuple[Declared, ...]:
    return tuple(_declared(part) for part in _parts(text) if part not in ("*", ""))


def _declared(text: str) -> Declared:
    text = _DEFAULT.sub("", text)
    marks = list(_MARK.finditer(text))
    bare = _MARK.sub(lambda mark: mark[3] or "", text).strip()
    named = _NAMED.fullmatch(bare)
    return Declared(
        name=named[2] if named else "",
        type=named[1] if named else bare,
        sets=frozenset(letter for mark in marks for letter in mark[1].split("|")),
        writes=any(mark[2] for mark in marks),
        elements=any(mark[3] for mark in marks),
    )


def _closed(text: str) -> tuple[str, str, str]:
    """What stands before the bracket that closes the text, the bracket, and what comes after it."""
    depth = 0
    for place, sign in enumerate(text):
        if sign in _CLOSE and depth == 0:
            return text[:place], sign, text[place + 1 :]
        depth += (sign in _OPEN) - (sign in _CLOSE)
    return text, "", ""


def _parts(text: str) -> list[str]:
    """Between the commas that are in no bracket."""
    parts, depth = [""], 0
    for sign in text:
        depth += (sign in _OPEN) - (sign in _CLOSE)
        if sign == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += sign
    return [part.strip() for part in parts]
