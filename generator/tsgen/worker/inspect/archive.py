"""What the zip archive tells without loading it, and without unpickling anything."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..host import archives

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path
    from zipfile import ZipFile, ZipInfo

_CALL = re.compile(r"(?<![\w.])(?:ops\.(\w+)\.(\w+)|torch\.(\w+))\(")
_SIGNATURE = "extra/signature.tsgen"
_VERSIONS = (".data/version", "version")
"""Where the file version stands: newer writers and older ones (torch's caffe2/serialize/versions.h, number 6)."""


@dataclass(frozen=True)
class Archive:
    file_version: int | None
    """The lowest that its operators need; it does not tell which torch wrote the file."""
    code: dict[str, str]
    """TorchScript source by its file below code/."""
    signature: str | None
    """signature.tsgen."""
    sizes: dict[str, int]
    """Unpacked bytes by the archive's first folder: code, data, constants, extra, other."""

    def calls(self) -> Counter[str]:
        """How often each operator stands in the source; `torch.add(` there is aten::add."""
        found: Counter[str] = Counter()
        for text in self.code.values():
            found.update(_operators(text))
        return found


def _operators(text: str) -> Iterable[str]:
    for namespace, name, aten in _CALL.findall(text):
        yield f"{namespace}::{name}" if namespace else f"aten::{aten}"


def read(path: Path) -> Archive:
    """Raises Problem for a damaged one."""
    with archives.opened(path) as archive:
        entries = {info.filename.partition("/")[2]: info for info in archive.infolist()}
        code = {
            name[len("code/") :]: archive.read(info).decode("utf-8", "replace")
            for name, info in entries.items()
            if name.startswith("code/") and name.endswith(".py")
        }
        extra = entries.get(_SIGNATURE)
        return Archive(
            file_version=_version(archive, entries),
            code=code,
            signature=archive.read(extra).decode("utf-8", "replace") if extra else None,
            sizes=_sizes(entries),
        )


def _version(archive: ZipFile, entries: dict[str, ZipInfo]) -> int | None:
    for name in _VERSIONS:
        if name in entries:
            text = archive.read(entries[name]).decode("ascii", "replace").strip()
            return int(text) if text.isdigit() else None
    return None


def _sizes(entries: dict[str, ZipInfo]) -> dict[str, int]:
    sizes = dict.fromkeys(("code", "data", "constants", "extra", "other"), 0)
    for name, info in entries.items():
        folder = name.partition("/")[0] if "/" in name else "other"
        sizes[folder if folder in sizes else "other"] += info.file_size
    return sizes
