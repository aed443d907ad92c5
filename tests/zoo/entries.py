"""What is in the zoo: a line of words for each model of a library, a file for each one written by hand."""

from __future__ import annotations

import ast
import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).parent
REPOSITORY = HERE.parents[1]
FAMILIES = ("torchvision", "timm", "transformers")
HAND_WRITTEN = "by hand"
RIGHT = "right"
REFUSED = "refused: "
"""Before a word that must occur in the reason."""


@dataclass(frozen=True, kw_only=True)
class Entry:
    family: str
    name: str
    words: tuple[str, ...]
    allowed: tuple[str, ...] = ()
    """`right`, or `refused: WORD`; empty: right, or refused for whatever reason."""


def entries() -> list[Entry]:
    return [entry for family in FAMILIES for entry in _listed(family)] + _hand_written()


def _listed(family: str) -> list[Entry]:
    lines = (HERE / "lists" / f"{family}.txt").read_text(encoding="utf-8").splitlines()
    worded = [words for line in lines if (words := tuple(shlex.split(line, comments=True)))]
    return [Entry(family=family, name=_name(words, worded), words=words) for words in worded]


def _name(words: tuple[str, ...], all_words: list[tuple[str, ...]]) -> str:
    """The model spec, and what tells it from the first of the same spec."""
    first = next(other for other in all_words if other[0] == words[0])
    return " ".join([words[0], *(word for word in words if word not in first and not word.startswith("--"))])


def _hand_written() -> list[Entry]:
    return [_from_file(path) for path in sorted((HERE / "models").glob("*.py"))]


def _from_file(path: Path) -> Entry:
    """ALLOWED says which outcomes are right, WORDS which options the command needs; the file is not imported."""
    named = dict(_assigned(path))
    allowed, words = (ast.literal_eval(named[key]) if key in named else () for key in ("ALLOWED", "WORDS"))
    if not allowed:
        raise ValueError(f"{path} has no ALLOWED: the outcomes that are right for it")
    spec = f"{path.relative_to(REPOSITORY).as_posix()}:Model"
    return Entry(family=HAND_WRITTEN, name=path.stem, words=(spec, *words), allowed=tuple(allowed))


def _assigned(path: Path) -> Iterator[tuple[str, ast.expr]]:
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            yield node.targets[0].id, node.value
