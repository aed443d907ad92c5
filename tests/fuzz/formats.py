"""Mutations that keep a file's form, so that they reach what lies behind the first check."""

from __future__ import annotations

import io
import json
import pickle
import struct
import zipfile
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from tests.fuzz import odd, raw
from tsgen.config import Config

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from random import Random

    Mutation = Callable[[bytes, Path, Random], tuple[str, bytes]]


def of(path: Path) -> Mutation | None:
    if path.name == "tsgen.lock":
        return _json
    return _FORMATS.get(path.suffix)


def _json(contents: bytes, outside: Path, random: Random) -> tuple[str, bytes]:
    document = json.loads(contents)
    how = _changed(document, outside, random)
    return how, odd.as_json(document)


def _changed(document: Any, outside: Path, random: Random) -> str:
    """In place."""
    parent, key = random.choice(list(_places(document)))
    how = random.choice(("replaced", "replaced", "replaced", "deleted", "added", "swapped", "wrapped"))
    if how == "deleted":
        del parent[key]
    elif how == "added" and isinstance(parent, dict):
        parent[odd.name(random, outside)] = odd.value(random, outside)
    elif how == "swapped":
        elsewhere, other = random.choice(list(_places(document)))
        parent[key] = json.loads(json.dumps(elsewhere[other]))  # a copy: no circles
    else:
        parent[key] = [parent[key]] if how == "wrapped" else odd.value(random, outside)
    return f"{how} at {str(key)[:40]}"


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in pairs:
        yield value, key
        yield from _places(item)


def _toml(contents: bytes, outside: Path, random: Random) -> tuple[str, bytes]:
    known = [field.name for field in fields(Config)]
    tables = ("tolerance.float32.rtol", "tolerance.float31", "matrix.platform", "matrix.include", "matrix.runners.a")
    key = random.choice((*known, *known, *tables, f'"{odd.LONG}"', '"../x"'))
    kept = [line for line in contents.splitlines(keepends=True) if not line.startswith(f"{key} =".encode())]
    line = f"{key} = {odd.as_toml(odd.value(random, outside))}\n"
    return f"`{key[:40]}` is odd", line.encode("utf-8", "surrogatepass") + b"".join(kept)


def _tsv(contents: bytes, outside: Path, random: Random) -> tuple[str, bytes]:
    rows = [line.split(b"\t") for line in contents.splitlines()]
    row = random.choice(rows)
    place = random.randrange(len(row))
    how = random.choice(("replaced", "deleted", "repeated"))
    if how == "replaced":
        row[place] = str(odd.value(random, outside)).encode("utf-8", "replace")[:20_000]
    elif how == "deleted":
        del row[place]
    else:
        rows.append(row)
    return f"{how} field {place}", b"\n".join(map(b"\t".join, rows)) + b"\n"


def _npy(contents: bytes, _: Path, random: Random) -> tuple[str, bytes]:
    end = 10 + struct.unpack("<H", contents[8:10])[0]
    header = eval(contents[10:end].decode())  # noqa: S307 - a literal of NumPy's, of a file of our own
    dtypes = ("|O", "<f8", ">f4", "<U1000000", "|V2", "<f16", "<m8[ns]", [("a", "<f4")], "x", "", 3, None, "|S0")
    shapes = ((2**62,), (-1, 4), (0,), (10**30,), "x", (), (2**31, 2**31), (2, 4.0), [2, 4], (True, 4), (1,) * 70)
    odd_ones: dict[str, tuple[Any, ...]] = {"descr": dtypes, "shape": shapes, "fortran_order": (True, 1), "x": (1,)}
    key = random.choice(list(odd_ones))
    text = repr({**header, key: random.choice(odd_ones[key])}).encode()
    length = random.choice((len(text), len(text), len(text), 0, 65535))
    version = random.choice((b"\1\0", b"\1\0", b"\1\0", b"\2\0", b"\3\0", b"\x09\0"))
    return f"`{key}` is odd", b"\x93NUMPY" + version + struct.pack("<H", length) + text + contents[end:]


def _safetensors(contents: bytes, outside: Path, random: Random) -> tuple[str, bytes]:
    (length,) = struct.unpack("<Q", contents[:8])
    document = json.loads(contents[8 : 8 + length])
    how = _changed(document, outside, random)
    text = odd.as_json(document)
    said = random.choice((len(text), len(text), len(text), 0, 2**63, len(contents) + 1))
    return how, struct.pack("<Q", said) + text + contents[8 + length :]


class Marker:
    """Harmless, and not to be read: its unpickling makes an empty file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Any, ...]:
        return open, (str(self.path), "w")


def _zip(contents: bytes, outside: Path, random: Random) -> tuple[str, bytes]:
    """A whole archive again, with the right checksums."""
    with zipfile.ZipFile(io.BytesIO(contents)) as archive:
        entries = [(info.filename, archive.read(info)) for info in archive.infolist()]
    place = random.randrange(len(entries))
    name, data = entries[place]
    how = random.choice(("damaged", "damaged", "damaged", "removed", "renamed", "added", "twice", "pickle", "inside"))
    top, inner = name.partition("/")[0], name.rpartition("/")[2]
    if how == "pickle":
        name = random.choice([each for each, _ in entries if each.endswith((".pkl", ".pt"))] or [name])
        entries = [each for each in entries if each[0] != name] + [(name, pickle.dumps(Marker(outside / "ran"), 2))]
    elif how in {"added", "renamed"}:
        foul = random.choice((f"{top}/{odd.name(random, outside)}", odd.name(random, outside)))[:60_000]
        entries[place : place + (how == "renamed")] = [(foul, data)]
    elif how == "removed":
        del entries[place]
    else:
        entries[place] = (name, _inside(name, data, outside, random) if how == "inside" else raw.damaged(data, random))
        entries += [(name, data)] if how == "twice" else []
    return f"{how} {inner[:40]}", _archive(entries, compressed=random.random() < 0.1)


def _inside(name: str, data: bytes, outside: Path, random: Random) -> bytes:
    """By the entry's own form."""
    if name.endswith(".json"):
        return _json(data, outside, random)[1]
    if name.endswith("signature.tsgen"):
        return _tsv(data, outside, random)[1]
    return raw.changed(data, data, random)[1]


def _archive(entries: list[tuple[str, bytes]], *, compressed: bool) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED if compressed else zipfile.ZIP_STORED) as archive:
        for name, data in entries:
            info = zipfile.ZipInfo("x")
            info.filename = name  # as it is: the constructor would end it at a NUL
            info.compress_type = archive.compression
            archive.writestr(info, data)
    return made.getvalue()


_FORMATS: dict[str, Mutation] = {
    ".json": _json,
    ".toml": _toml,
    ".tsv": _tsv,
    ".npy": _npy,
    ".safetensors": _safetensors,
    **dict.fromkeys((".pt", ".pt2", ".ckpt"), _zip),
}
