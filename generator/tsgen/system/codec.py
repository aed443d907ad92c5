"""All JSON that tsgen reads and writes, and TOML: msgspec makes values of it, and says where it is of another form."""

from __future__ import annotations

import json
import re
from dataclasses import is_dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from tsgen.system import documents

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tsgen.errors import TsgenError

T = TypeVar("T")
_SURROGATE = re.compile("[\ud800-\udfff]")


class FormError(ValueError):
    """A text that is no JSON, or JSON of another form: what was expected, what came, and where it stands."""


def parsed(text: str | bytes) -> Any:
    """The text's value in JSON's types. Raises FormError for what is no JSON, or nested too deep to be anybody's."""
    try:
        return msgspec.json.decode(text)
    except RecursionError:
        raise FormError("it is nested too deep") from None
    except UnicodeError as error:
        raise FormError("it is no UTF-8") from error
    except msgspec.DecodeError as error:
        raise FormError(_in_lines(str(error), text if isinstance(text, bytes) else text.encode())) from error


def parsed_toml(text: bytes) -> dict[str, Any]:
    """Raises FormError for a text that is no TOML."""
    try:
        return dict(msgspec.toml.decode(text.decode("utf-8-sig")))
    except RecursionError:
        raise FormError("it is nested too deep") from None
    except UnicodeDecodeError as error:
        line = text.count(b"\n", 0, error.start) + 1
        raise FormError(f"it is no UTF-8, from line {line} on; save it as UTF-8") from error
    except (msgspec.DecodeError, ValueError) as error:  # Python's own limit of digits, too
        raise FormError(str(error)) from error


def value_of(kind: type[T], document: Any) -> T:
    """`document`, in JSON's types, as a `kind`; a key that no field has is refused as a missing one is.

    Raises FormError.
    """
    try:
        value = msgspec.convert(document, kind, dec_hook=_made)
    except msgspec.ValidationError as error:
        raise FormError(_with_place(str(error))) from error
    for place in _unknown(document, value):
        raise FormError(f"`{place}` is a key that nobody knows")
    return value


def read(path: Path, kind: type[T], *, report: str = "") -> T:
    """`report`: the key of its parity report. Raises OSError, or FormError for what is no JSON of a `kind`."""
    document = parsed(path.read_bytes())
    try:
        return value_of(kind, documents.with_verdicts(document, report))
    except ValueError as error:
        raise FormError(str(error)) from error


def read_own(path: Path, kind: type[T], *, report: str = "") -> T | None:
    """The value of a file that can be made anew; None when it is not there, is damaged, or is another tsgen's."""
    try:
        return read(path, kind, report=report)
    except (OSError, FormError):
        return None


def read_or_refuse(
    path: Path, kind: type[T], refusal: type[TsgenError], what: str, hint: str, *, report: str = ""
) -> T:
    """Raises a `refusal` that says `what` a file of another form cannot be, and why."""
    try:
        return read(path, kind, report=report)
    except (OSError, FormError) as error:
        raise refusal(f"{path} {what}: {error}", hint=hint) from error


def plain(value: Any) -> Any:
    """The value in JSON's types: a dataclass as an object of its fields, a path as text."""
    return msgspec.to_builtins(documents.plain(value), str_keys=True, enc_hook=_in_words)


def text_of(value: Any, indent: int | None = 2) -> str:
    """The value's JSON, with a line feed at the end.

    The standard library writes it: msgspec has other digits for some floats, and what is committed keeps its bytes.
    """
    document = plain(value)
    text = json.dumps(document, indent=indent, ensure_ascii=False)
    # A path that is no UTF-8, as an old disk may have one.
    return (json.dumps(document, indent=indent) if _SURROGATE.search(text) else text) + "\n"


def _made(kind: Any, value: Any) -> Any:
    """A path; msgspec knows the rest."""
    return kind(value)


def _in_words(value: Any) -> str | int | float:
    """A path, and numbers and texts of others that are made of Python's: numpy's."""
    if isinstance(value, PurePath):
        return str(value)
    for kind in (int, float, str):
        if isinstance(value, kind):
            return kind(value)
    raise TypeError(f"{type(value).__name__} is no type of JSON")


def _with_place(message: str) -> str:
    """Msgspec's `Expected X, got Y - at $.a[0]` as ``at `a[0]`: expected X, got Y``."""
    said, _, place = message.partition(" - at ")
    said = said[0].lower() + said[1:]
    return f"at {place.replace('$.', '')}: {said}" if place else said


def _in_lines(message: str, text: bytes) -> str:
    """Msgspec counts bytes, an editor lines."""
    found = re.search(r" \(byte (\d+)\)", message)
    line = text.count(b"\n", 0, int(found[1]) if found else len(text.rstrip())) + 1
    return f"{message.replace(found[0], '') if found else message} in line {line}"


def _unknown(document: Any, value: Any, place: str = "") -> Iterator[str]:
    """The places of the keys that no field of a dataclass has; msgspec passes over them."""
    if isinstance(value, (list, tuple)):
        for index, pair in enumerate(zip(document, value, strict=True)):
            yield from _unknown(*pair, f"{place[:-1]}[{index}].")
    elif isinstance(value, dict) or is_dataclass(value):
        known = value if isinstance(value, dict) else vars(value)
        for key, item in document.items():
            if key in known:
                yield from _unknown(item, known[key], f"{place}{key}.")
            elif known is not value:
                yield f"{place}{key}"
