"""The rules of the catalog: data files, each row with its source, read into frozen values."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from packaging.specifiers import SpecifierSet
from packaging.version import Version

from tsgen.system import codec

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tsgen.types import BuildType

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True, kw_only=True)
class Release:
    version: Version
    cuda: tuple[str, ...]
    rocm: tuple[str, ...]
    linux_only: tuple[str, ...] = ()
    unconfirmed: tuple[str, ...] = ()
    source: str


@dataclass(frozen=True, kw_only=True)
class ArchiveRule:
    platform: str
    build_type: BuildType
    cxx11_abi: bool
    accelerators: tuple[str, ...]
    versions: SpecifierSet
    stem: str
    source: str
    local: bool = True
    """Whether the file's name ends in `+ACCELERATOR`."""
    seen: tuple[str, ...] = ()
    """Where no build matrix tells: the only versions that someone has seen."""


@dataclass(frozen=True, kw_only=True)
class WheelRule:
    platform: str
    tag: str
    versions: SpecifierSet
    cxx11_abi: bool


@dataclass(frozen=True, kw_only=True)
class Row:
    """A rule of few words; a key that the row does not have holds for all."""

    versions: SpecifierSet
    source: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)

    def holds(self, version: Version, **facts: Any) -> bool:
        """`platforms=x`: whether x is in the row's list; `cxx11_abi=x`: whether it is the row's value."""
        return version in self.versions and all(self._agrees(key, value) for key, value in facts.items())

    def _agrees(self, key: str, value: Any) -> bool:
        wanted = self.values.get(key, value)
        return value in wanted or "*" in wanted if isinstance(wanted, list) else bool(wanted == value)


@cache
def releases() -> Mapping[Version, Release]:
    """Newest first."""
    found = {}
    for row in _read("releases")["release"]:
        lists = {key: tuple(row.get(key, ())) for key in ("cuda", "rocm", "linux_only", "unconfirmed")}
        for word in reversed(row["versions"]):
            found[Version(word)] = Release(version=Version(word), source=row["source"], **lists)
    return found


@cache
def archive_rules() -> tuple[ArchiveRule, ...]:
    return tuple(ArchiveRule(**_typed(row)) for row in _read("archives")["archive"])


@cache
def wheel_rules() -> tuple[WheelRule, ...]:
    return tuple(WheelRule(**_typed(row)) for row in _read("wheels")["wheel"])


@cache
def rows(file: str, table: str) -> tuple[Row, ...]:
    return tuple(_row(row) for row in _read(file)[table])


@cache
def built_for() -> tuple[tuple[str, SpecifierSet, str], ...]:
    """Platform tag, versions, accelerator of the wheel on the package index."""
    return tuple(
        (tag, _specifiers(versions), accelerator)
        for row in _read("wheels")["built_for"]
        for tag in row["tags"]
        for versions, accelerator in row["accelerators"].items()
    )


def local_index() -> str:
    return str(_read("wheels")["local_index"])


@cache
def pins() -> Mapping[str, str]:
    """`ACCELERATOR/FILE` -> sha256: in 1.2.0 two archives have the same name."""
    lines = (DATA / "pins.txt").read_text(encoding="utf-8").splitlines()
    pairs = (line.split() for line in lines if line and not line.startswith("#"))
    return {name: sha256 for sha256, name in pairs}


@cache
def _read(name: str) -> dict[str, Any]:
    return codec.parsed_toml((DATA / f"{name}.toml").read_bytes())


def _specifiers(text: str) -> SpecifierSet:
    return SpecifierSet(text, prereleases=True)


def _typed(row: Mapping[str, Any]) -> dict[str, Any]:
    values = {key: tuple(value) if isinstance(value, list) else value for key, value in row.items()}
    return {**values, "versions": _specifiers(row["versions"])}


def _row(row: Mapping[str, Any]) -> Row:
    values = {key: value for key, value in row.items() if key not in {"versions", "source"}}
    return Row(versions=_specifiers(row["versions"]), source=row.get("source", ""), values=values)
