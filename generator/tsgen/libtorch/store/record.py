"""One LibTorch in the store, and entry.json, which says what it is."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from pathlib import Path  # noqa: TC003 - msgspec reads the annotations
from typing import TYPE_CHECKING, Any

from packaging.version import Version

from tsgen.libtorch.look import accelerator as accelerators
from tsgen.system import codec, files
from tsgen.types import BuildType, Source, Stored

if TYPE_CHECKING:
    from collections.abc import Iterable

LAYOUT = 1
"""Of a tree and its entry.json: several versions of tsgen share a store, and none reads what another one lays out."""
FILE_NAME = "entry.json"
ROOTS = ("torch", "libtorch")
_AS_IT_IS = ("sources", "bytes", "made", "manifest", "libraries")


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What a LibTorch is, as it is asked for."""

    version: str
    """Public: `2.14.1`."""
    platform: str
    accelerator: str
    build_type: BuildType
    cxx11_abi: bool
    origin: str
    cut: str = "full"
    """Which parts of the sources were taken: `cpu` for the CPU libraries of a CUDA wheel."""

    @property
    def variant(self) -> str:
        """The same for all who want this LibTorch, and a file name; only Windows knows build types."""
        build_type = self.build_type if self.platform.startswith("windows") else "any"
        abi = "cxx11" if self.cxx11_abi else "pre-cxx11"
        return plain(f"{self.version}-{self.accelerator}-{self.platform}-{build_type}-{abi}")

    def answers(
        self, *, version: str, platform: str, accelerator: str | None, build_type: BuildType, cxx11_abi: bool | None
    ) -> bool:
        """Whether it is what is asked for; None asks for any, `cuda` for any CUDA."""
        same_build = build_type == self.build_type or not platform.startswith("windows")
        return (
            (platform, public(version)) == (self.platform, public(self.version))
            and same_build
            and (accelerator is None or accelerators.answers(self.accelerator, accelerator))
            and cxx11_abi in {None, self.cxx11_abi}
        )


@dataclass(frozen=True, kw_only=True)
class Entry(Facts):
    """A LibTorch that is in the store."""

    folder: Path
    root: Path
    """The LibTorch folder inside: `torch` or `libtorch`."""
    sources: tuple[Source, ...]
    bytes: int
    made: str
    """When, in UTC: `2026-11-25T08:58:17`."""
    manifest: str
    """The sha256 of files.json."""
    libraries: dict[str, int]
    """Sizes of the files that are linked or loaded, by their path in `folder`."""

    @property
    def name(self) -> str:
        return self.folder.name

    @property
    def stored(self) -> Stored:
        """The entry as reports have it."""
        shared = {field.name: getattr(self, field.name) for field in fields(Stored)}
        return Stored(**shared)

    @property
    def hashes(self) -> frozenset[str]:
        return hashes(self.sources)


def hashes(sources: Iterable[Source]) -> frozenset[str]:
    return frozenset(source.sha256.lower() for source in sources)


def name_of(facts: Facts, sources: Iterable[Source]) -> str:
    """The name of an entry's folder: by content, with a beginning for people.

    Libtool and CMake stumble over `+` and `%` in paths.
    """
    made_from = sorted((source.file, source.sha256.lower()) for source in sources)
    key = files.digest_of({"layout": LAYOUT, "cut": facts.cut, "sources": made_from})
    return plain(f"{facts.version}-{facts.accelerator}-{facts.platform}-{key[:16]}")


def plain(text: str) -> str:
    return re.sub(r"[^0-9a-z._-]", "-", text.lower())


def write(entry: Entry, folder: Path) -> None:
    """`folder` is where the tree is being made; the entry already names where it will be."""
    document = {
        "layout": LAYOUT,
        "facts": {field.name: getattr(entry, field.name) for field in fields(Facts)},
        "root": entry.root.name,
        **{key: getattr(entry, key) for key in _AS_IT_IS},
    }
    files.write_text(folder / FILE_NAME, codec.text_of(document, indent=1))


def read(folder: Path) -> Entry | None:
    """None for a folder that `write` did not complete, that another tsgen made, or whose name is not of its content."""
    document = codec.read_own(folder / FILE_NAME, dict[str, Any])
    if not document or document.get("layout") != LAYOUT or document.get("root") not in ROOTS:
        return None
    places = {"folder": str(folder), "root": str(folder / document["root"])}
    rest = {key: document.get(key) for key in _AS_IT_IS}
    try:
        facts = codec.value_of(dict[str, Any], document.get("facts"))
        entry = codec.value_of(Entry, {**facts, **rest, **places})
        return entry if public(entry.version) and entry.name == name_of(entry, entry.sources) else None
    except ValueError:
        return None


def is_of_another_tsgen(folder: Path) -> bool:
    """Whether the tree has another layout: of no use here, and nothing to be cleared away."""
    document = codec.read_own(folder / FILE_NAME, dict[str, Any])
    return document is not None and document.get("layout", LAYOUT) != LAYOUT


def public(version: str) -> str:
    """`2.14.1+cu130` -> `2.14.1`."""
    return Version(version).public
