"""One LibTorch in the store, and entry.json, which says what it is."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Any

from packaging.version import InvalidVersion, Version

from tsgen import files
from tsgen.libtorch import accelerator as accelerators
from tsgen.types import Source, Stored

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from tsgen.types import BuildType

LAYOUT = 1
"""Of a tree and its entry.json: several versions of tsgen share a store, and none reads what another one lays out."""
FILE_NAME = "entry.json"
ROOTS = ("torch", "libtorch")


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
    def wish(self) -> str:
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
        """For reports."""
        shared = {field.name: getattr(self, field.name) for field in fields(Stored)}
        return Stored(**shared)

    @property
    def hashes(self) -> frozenset[str]:
        return hashes(self.sources)


def hashes(sources: Iterable[Source]) -> frozenset[str]:
    return frozenset(source.sha256.lower() for source in sources)


def name_of(facts: Facts, sources: Iterable[Source]) -> str:
    """Of its folder: by content, with a beginning for people. Libtool and CMake stumble over `+` and `%` in paths."""
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
        "sources": [asdict(source) for source in entry.sources],
        "root": entry.root.name,
        "bytes": entry.bytes,
        "made": entry.made,
        "manifest": entry.manifest,
        "libraries": entry.libraries,
    }
    files.write_text(folder / FILE_NAME, json.dumps(document, indent=1) + "\n")


def read(folder: Path) -> Entry | None:
    """None for a folder that `write` did not complete, that another tsgen made, or whose name is not of its content."""
    try:
        document = json.loads((folder / FILE_NAME).read_text(encoding="utf-8"))
        entry = _entry(folder, document)
        public(entry.version)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, InvalidVersion):
        return None
    whole = document["layout"] == LAYOUT and entry.name == name_of(entry, entry.sources)
    return entry if whole else None


def is_of_another_tsgen(folder: Path) -> bool:
    """Whether the tree has another layout: of no use here, and nothing to be cleared away."""
    try:
        document = json.loads((folder / FILE_NAME).read_text(encoding="utf-8"))
        return bool(document["layout"] != LAYOUT)
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _entry(folder: Path, document: dict[str, Any]) -> Entry:
    if document["root"] not in ROOTS:
        raise ValueError(document["root"])
    return Entry(
        **document["facts"],
        folder=folder,
        root=folder / document["root"],
        sources=tuple(Source(**source) for source in document["sources"]),
        bytes=int(document["bytes"]),
        made=str(document["made"]),
        manifest=str(document["manifest"]),
        libraries={str(path): int(size) for path, size in document["libraries"].items()},
    )


def public(version: str) -> str:
    """`2.14.1+cu130` -> `2.14.1`."""
    return Version(version).public
