"""Whether a tree is still what was stored: at a glance before each use, byte for byte when asked."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from tsgen.libtorch.store import manifest, record
from tsgen.system import files

if TYPE_CHECKING:
    from tsgen.libtorch.store.record import Entry

DAMAGED = "damaged"
"""The file that `mark` leaves in a tree that is not whole any more."""
_OURS = frozenset({record.FILE_NAME, manifest.FILE_NAME, DAMAGED})


def flaw(entry: Entry) -> str:
    """What can be seen in a moment of a tree that something has damaged; `verify` sees all."""
    if (entry.folder / DAMAGED).exists():
        return "`tsgen libtorch verify` found other bytes in it than were stored"
    if not (entry.folder / manifest.FILE_NAME).is_file():
        return f"{manifest.FILE_NAME} is missing"
    return next((f"{path} is missing or cut off" for path in entry.libraries if not _has(entry, path)), "")


def _has(entry: Entry, path: str) -> bool:
    try:
        return (entry.folder / path).lstat().st_size == entry.libraries[path]
    except OSError:
        return False


def problems(entry: Entry) -> list[str]:
    """Hash every file."""
    expected = manifest.read(entry.folder, entry.manifest)
    if not expected:
        return [f"{manifest.FILE_NAME} is missing or has changed"]
    return list(manifest.differences(expected, manifest.of(entry.folder, but=_OURS, doing="verify")))


def mark(entry: Entry, found: list[str]) -> None:
    """Remember what `problems` found; in a store that is read-only, nobody can."""
    path = entry.folder / DAMAGED
    if not (entry.folder / record.FILE_NAME).exists():
        return  # another tsgen has removed it; writing would make the folder again
    with suppress(OSError):
        if found:
            files.write_text(path, "\n".join(found) + "\n")
        else:
            path.unlink(missing_ok=True)
