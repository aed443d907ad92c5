"""The one seam to pip: what an index has, and the files themselves; nothing is installed, built or run.

The user's pip configuration (indexes, find-links, proxies, certificates, constraints) stays in force.
"""

from __future__ import annotations

import posixpath
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from packaging.utils import canonicalize_name

from tsgen.errors import LibTorchError, UnsafeError
from tsgen.libtorch.wheels.pip.command import Progress, pip, require
from tsgen.libtorch.wheels.pip.query import Query
from tsgen.libtorch.wheels.pip.refusals import NoSuchWheelError, PipError, UnreachableError
from tsgen.system import codec, files
from tsgen.system.disk import DiskError

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["NoSuchWheelError", "PipError", "UnreachableError", "WheelReport", "download", "report", "require"]

# Without it pip downloads a whole wheel for its metadata where the index does not serve that apart: 888 MB for 60 kB.
_LAZY = ("--use-feature", "fast-deps")
# PyTorch's own index is asked besides the configured one: where a firewall swallows it, that must not take minutes.
_IMPATIENT = ("--retries", "1", "--timeout", "10")


@dataclass(frozen=True, kw_only=True)
class WheelReport:
    """A wheel on an index, as pip would install it."""

    name: str
    """Canonical: `nvidia-cudnn-cu13`."""
    version: str
    file: str
    url: str
    sha256: str | None
    """None when the index does not tell."""
    requires: tuple[str, ...]
    """Its Requires-Dist, with their markers."""

    @property
    def requirement(self) -> str:
        return f"{self.name}=={self.version}"


def report(
    requirements: Sequence[str], platform_tags: Sequence[str], python_version: str, index: str | None = None
) -> tuple[WheelReport, ...]:
    """The wheels that pip would take for exactly these, without what they require; `python_version` is `3.12`.

    Raises NoSuchWheelError for what no index has, UnreachableError when none answers, PipError when pip's configuration
    forbids it.
    """
    query = Query(requirements=tuple(requirements), platforms=tuple(platform_tags), python=python_version, index=index)
    with tempfile.TemporaryDirectory(prefix="tsgen-pip-") as folder:
        answer = Path(folder, "report.json")
        # With -vv pip says which wheels it passed by, and which indexes it could not reach.
        words = ["-vv", "--dry-run", "--ignore-installed", "--target", folder, "--report", str(answer)]
        pip("install", [*words, *_place(query), *requirements], query, optional=_LAZY)
        installs = codec.parsed(answer.read_bytes())["install"]
    return tuple(map(_parse, installs))


def download(
    requirement: str,
    sha256: str | None,
    folder: Path,
    platform_tags: Sequence[str],
    python_version: str,
    index: str | None = None,
) -> Path:
    """Fetch the one wheel into the empty `folder`, which is on the disk that takes pip's temporary files too.

    Raises as `report` does, UnsafeError when the wheel is not the one of that hash, DiskError when there is no room.
    """
    query = Query(requirements=(requirement,), platforms=tuple(platform_tags), python=python_version, index=index)
    wanted, wheels = folder / "wanted.txt", folder / "wheels"
    with files.writing(folder, DiskError, files.ROOM_IN_THE_STORE):
        folder.mkdir(parents=True, exist_ok=True)
        wanted.write_text(f"{requirement}{f' --hash=sha256:{sha256}' if sha256 else ''}\n", encoding="utf-8")
        words = ["-r", str(wanted), "-d", str(wheels), "--progress-bar", "raw", *_place(query)]
        words += ["--require-hashes"] if sha256 else []
        pip("download", words, query, temporary=folder, on_line=Progress(requirement))
    return _checked(wheels, requirement, sha256)


def _place(query: Query) -> list[str]:
    platforms = [word for tag in query.platforms for word in ("--platform", tag)]
    other = ["--index-url", query.index, *_IMPATIENT] if query.index else []
    python = ["--implementation", "cp", "--python-version", query.python]
    return ["--no-deps", "--only-binary", ":all:", *python, *platforms, *other]


def _parse(install: dict[str, Any]) -> WheelReport:
    metadata, download_info = install["metadata"], install["download_info"]
    return WheelReport(
        name=canonicalize_name(metadata["name"]),
        version=metadata["version"],
        file=posixpath.basename(unquote(urlsplit(download_info["url"]).path)),
        url=download_info["url"],
        sha256=download_info.get("archive_info", {}).get("hashes", {}).get("sha256"),
        requires=tuple(metadata.get("requires_dist", ())),
    )


def _checked(wheels: Path, requirement: str, sha256: str | None) -> Path:
    """Hashed again by us: what is unpacked is what was promised, whatever pip did."""
    found = sorted(wheels.glob("*.whl"))
    if len(found) != 1:
        raise LibTorchError(f"pip brought {len(found)} wheels for {requirement}; expected one")
    if sha256 and (got := files.sha256(found[0])) != sha256.lower():
        raise UnsafeError(f"{found[0].name} is not the file it should be: expected sha256 {sha256}, got {got}")
    return found[0]
