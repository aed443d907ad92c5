"""Values that nobody expects, as JSON, TOML and names of files have them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path
    from random import Random

LONG = "x" * 10_000
_DEPTH = 100_000
# Written by hand: Python's own writer would not.
_TOKENS = {
    "@nested lists@": "[" * _DEPTH + "]" * _DEPTH,
    "@nested tables@": '{"a":' * _DEPTH + "1" + "}" * _DEPTH,
    "@many digits@": "9" * 5000,
    "@infinite@": "1e999",
    "@not a number@": "NaN",
    "@half a surrogate@": '"\\ud800"',
}


def name(random: Random, outside: Path) -> str:
    """A word for a file, a method, an operator: long, empty, or one that leads elsewhere."""
    words = ("", ".", "..", "/", LONG, "/".join(["d"] * 3000), "ü" * 200, "-rf", "a b", "C:\\x", "$HOME")
    controls = ("a\0b", "a\nb", "\x1b[2Ja")
    ways = (str(outside / "canary"), *(f"{'../' * up}outside/canary" for up in range(1, 6)), f"..\\{LONG[:300]}")
    return random.choice((*words, *controls, *ways))


def value(random: Random, outside: Path) -> Any:
    """In JSON's types; some are tokens that `as_json` writes out."""
    numbers = (0, -1, 1.5, 1e308, -(10**30), 2**31, 2**63, 2**64, 10**400)
    others: tuple[Any, ...] = (None, True, False, [], {}, [[]], [None], {"": 1}, {"a": {"b": []}}, [LONG] * 3, *_TOKENS)
    return random.choice(numbers) if random.random() < 0.3 else random.choice((*others, name(random, outside)))


def as_json(document: Any) -> bytes:
    text = json.dumps(document, indent=1)
    for token, written in _TOKENS.items():
        text = text.replace(f'"{token}"', written)
    return text.encode("utf-8", "surrogatepass")


def as_toml(item: Any) -> str:
    """The value as TOML would have it, if it could."""
    if isinstance(item, dict):
        return "{" + ", ".join(f"{json.dumps(key)} = {as_toml(each)}" for key, each in item.items()) + "}"
    if isinstance(item, list):
        return "[" + ", ".join(map(as_toml, item)) + "]"
    return as_json(item).decode("utf-8", "surrogatepass")
