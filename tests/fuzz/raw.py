"""Mutations of bytes, whatever they mean."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random


def changed(contents: bytes, other: bytes, random: Random) -> tuple[str, bytes]:
    how = random.choice(list(_WAYS))
    return how, _WAYS[how](contents, other, random)


def damaged(contents: bytes, random: Random) -> bytes:
    """Of the same length, for most: flipped bits, bytes that are replaced."""
    return random.choice((_flipped, _flipped, _overwritten))(contents, b"", random)


def _truncated(contents: bytes, _: bytes, random: Random) -> bytes:
    return contents[: random.randrange(len(contents) + 1)]


def _flipped(contents: bytes, _: bytes, random: Random) -> bytes:
    made = bytearray(contents)
    for _each in range(random.choice((1, 1, 1, 2, 8)) if made else 0):
        made[random.randrange(len(made))] ^= 1 << random.randrange(8)
    return bytes(made)


def _overwritten(contents: bytes, _: bytes, random: Random) -> bytes:
    begin = random.randrange(len(contents) + 1)
    filler = random.choice((b"\0", b"\xff", b"\x7f", b"\x80", b"9", b"("))
    piece = filler * random.choice((1, 2, 4, 8, 64))
    return contents[:begin] + piece + contents[begin + len(piece) :]


def _spliced(contents: bytes, other: bytes, random: Random) -> bytes:
    return contents[: random.randrange(len(contents) + 1)] + other[random.randrange(len(other) + 1) :]


def _repeated(contents: bytes, _: bytes, random: Random) -> bytes:
    begin, end = sorted(random.randrange(len(contents) + 1) for _each in range(2))
    return contents[:end] + contents[begin:]


def _cut(contents: bytes, _: bytes, random: Random) -> bytes:
    begin, end = sorted(random.randrange(len(contents) + 1) for _each in range(2))
    return contents[:begin] + contents[end:]


def _filled(contents: bytes, _: bytes, random: Random) -> bytes:
    return random.choice((b"", b"\n", b"\xef\xbb\xbf" + contents, b"\0" * len(contents), random.randbytes(100)))


def _another(_: bytes, other: bytes, __: Random) -> bytes:
    return other


_WAYS: dict[str, Callable[[bytes, bytes, Random], bytes]] = {
    "truncated": _truncated,
    "flipped": _flipped,
    "overwritten": _overwritten,
    "spliced": _spliced,
    "repeated": _repeated,
    "cut": _cut,
    "filled": _filled,
    "another": _another,
}
