"""The well-known messages of a log, with cause and fix in plain words. What is known is the file messages.toml."""

from __future__ import annotations

import codecs
import re
import sys
from bisect import bisect_right
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from tsgen.doctor.findings import Explained, Explanation
from tsgen.errors import ConfigError
from tsgen.system import codec

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

MESSAGES = Path(__file__).parent / "messages.toml"
CHUNK = 1 << 22
"""Characters that are searched at once."""
CARRIED_LINES = 3
"""CMake breaks a message over lines: those before a chunk's end are looked at again with the next."""
WIDTH = 400
"""Characters of a line that are shown; a compiler's template names can take thousands."""
SEARCHED_WIDTH = 20_000
_END = re.compile(r"\r\n|\n|\r(?!$)")
_COLOUR = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\].*?(?:\x07|\x1b\\)|[@-Z\\^_])")
_QUOTES = str.maketrans("\u2018\u2019\u201c\u201d", "''\"\"")
_BYTE_ORDERS = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
"""A log that PowerShell wrote with `>`."""


@dataclass(frozen=True, kw_only=True)
class Message:
    """One that is known. In `pattern` a space stands for any white space, the end of a line included."""

    id: str
    pattern: str
    cause: str
    fix: str
    source: str
    example: str
    versions: str = ""

    @property
    def searched(self) -> re.Pattern[str]:
        # A literal start, and no re.IGNORECASE, let `re` skip through a huge log.
        return re.compile(self.pattern.replace(" ", r"\s+"))


@cache
def known() -> tuple[Message, ...]:
    """The messages that are known, in the order in which they claim a line: the particular before the general."""
    rows = codec.parsed_toml(MESSAGES.read_bytes())["message"]
    return tuple(Message(**row) for row in rows)


def explain(log: Path | None) -> Explanation:
    """What is known of the messages in `log`, None being stdin. Raises ConfigError for a log that cannot be read."""
    if log is None:
        return _explained("stdin", sys.stdin.buffer)
    try:
        with log.open("rb") as stream:
            return _explained(str(log), stream)
    except OSError as error:
        hint = "name the log of a build or of a run, such as build/release/tsgen-build.log, or - for stdin"
        raise ConfigError(f"cannot read the log {log}: {error.strerror or error}", hint=hint) from error


def _explained(name: str, stream: BinaryIO) -> Explanation:
    reading = _Reading()
    for chunk in _chunks(stream):
        reading.read(chunk)
    return Explanation(log=name, lines=reading.lines, known=len(known()), messages=reading.found())


class _Reading:
    """Lines by number, each claimed by the first message that is in it."""

    def __init__(self) -> None:
        self.lines = 0
        self._carried: list[str] = []
        self._claimed: dict[int, Message] = {}
        self._first: dict[str, tuple[int, str]] = {}

    def read(self, lines: list[str]) -> None:
        before = self.lines - len(self._carried)
        every = [*self._carried, *lines]
        self._search(every, before)
        self.lines += len(lines)
        self._carried = every[-CARRIED_LINES:]

    def _search(self, lines: list[str], before: int) -> None:
        text, starts = "\n".join(lines), _starts(lines)
        for message in known():
            for match in message.searched.finditer(text):
                index = bisect_right(starts, match.start()) - 1
                number = before + index + 1
                if self._claimed.setdefault(number, message) is message:
                    self._first.setdefault(message.id, (number, lines[index].strip()[:WIDTH]))

    def found(self) -> tuple[Explained, ...]:
        ids = [message.id for message in self._claimed.values()]
        each = [
            Explained(
                id=message.id,
                line=self._first[message.id][0],
                times=ids.count(message.id),
                text=self._first[message.id][1],
                cause=message.cause,
                fix=message.fix,
                versions=message.versions,
                source=message.source,
            )
            for message in known()
            if message.id in self._first
        ]
        return tuple(sorted(each, key=lambda one: one.line))


def _starts(lines: list[str]) -> list[int]:
    starts, at = [], 0
    for line in lines:
        starts.append(at)
        at += len(line) + 1
    return starts


def _chunks(stream: BinaryIO) -> Iterator[list[str]]:
    """The lines, without colours and with plain quotes, some megabytes at a time; what is no UTF-8 is replaced."""
    head = stream.read(2)
    decoder = codecs.getincrementaldecoder(_BYTE_ORDERS.get(head, "utf-8"))(errors="replace")
    rest, data = "", b"" if head in _BYTE_ORDERS else head
    while data or (data := stream.read(CHUNK)):
        text = rest + decoder.decode(data)
        lines = _END.split(text)
        rest, data = lines.pop(), b""
        if lines:
            yield [_plain(line) for line in lines]
    rest += decoder.decode(b"", final=True)
    if rest:
        yield [_plain(line) for line in _END.split(rest.rstrip("\r"))]


def _plain(line: str) -> str:
    return _COLOUR.sub("", line[:SEARCHED_WIDTH]).translate(_QUOTES)
