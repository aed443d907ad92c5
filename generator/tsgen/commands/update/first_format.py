"""The files of a project that tsgen 0.1.0 made, between the user's: which of them are as it wrote them.

data/0.1.0.json holds, for each file of that template, the sha256 of its bytes without the words that differ between
projects, and where these stand: offsets in the rest, in bytes. So a file is recognised whatever the project is called.
docs/first_format.py made it from a tree of that version.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tsgen.system import codec
from tsgen.system.names import identifier

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tsgen.config import Config

VERSION = "0.1.0"
DATA = Path(__file__).parent / "data" / f"{VERSION}.json"


@dataclass(frozen=True, kw_only=True)
class Sorted:
    """The files of the first format that a project still has."""

    unchanged: tuple[str, ...]
    changed: tuple[str, ...]


def sort(root: Path, config: Config) -> Sorted:
    words = words_of(config.name, config.model)
    found = {place.replace("NAME", config.name): each for place, each in _files().items()}
    there = {name: each for name, each in sorted(found.items()) if (root / name).is_file()}
    same = {name for name, each in there.items() if _is_as_written((root / name).read_bytes(), each, words)}
    changed = tuple(name for name in there if name not in same)
    return Sorted(unchanged=tuple(name for name in there if name in same), changed=changed)


def words_of(name: str, model: str) -> Mapping[str, bytes]:
    """The words of a project that its files hold, by the name that the data has for them."""
    words = {"name": name, "identifier": identifier(name), "lower": name.lower(), "model": model}
    return {key: word.encode() for key, word in words.items()}


def without_words(text: bytes, holes: list[list[Any]], words: Mapping[str, bytes]) -> bytes | None:
    """`text` without the words at `holes`; None when another text stands at one of them."""
    rest = b""
    for offset, key in holes:
        missing = offset - len(rest)
        rest, text = rest + text[:missing], text[missing:]
        if not text.startswith(words[key]):
            return None
        text = text[len(words[key]) :]
    return rest + text


def _is_as_written(text: bytes, known: Mapping[str, Any], words: Mapping[str, bytes]) -> bool:
    """On Windows git may have given the file other ends of lines."""
    rest = without_words(text.replace(b"\r\n", b"\n"), known["holes"], words)
    return rest is not None and hashlib.sha256(rest).hexdigest() == known["sha256"]


@cache
def _files() -> Mapping[str, Mapping[str, Any]]:
    return codec.read(DATA, dict[str, dict[str, Any]])
