"""build/TYPE/proof.json: what was proven, and of which files, so that it need not be proven twice."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from tsgen.runtimes import RUNTIMES
from tsgen.system import codec, files, stat_cache
from tsgen.types import PROVEN, ParityReport

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tsgen.types import Artifact, Build, Device, LibTorch, Tolerance

FILE_NAME = "proof.json"


@dataclass(frozen=True, kw_only=True)
class _Proof:
    key: str
    report: ParityReport


def key(
    build: Build, artifact: Artifact, libtorch: LibTorch, tolerance: Mapping[str, Tolerance], device: Device = "cpu"
) -> str:
    """The digest of everything the proof rests on; the manifest stands for the files it vouches for."""
    loaded = RUNTIMES[artifact.runtime].loaded(build, artifact)
    return files.digest_of(
        {
            "runner": stat_cache.sha256(build.runner),
            "model": stat_cache.sha256(loaded) if loaded != artifact.path and loaded.is_file() else "",
            "manifest": stat_cache.sha256(artifact.path.parent / "manifest.json"),
            "libtorch": [libtorch.version, str(libtorch.root)],
            "device": device,
            "tolerance": {dtype: asdict(limits) for dtype, limits in tolerance.items()},
        }
    )


def read(folder: Path, wanted: str) -> ParityReport | None:
    """The report of a proof that was made of the same files; None when there is none."""
    known = codec.read_own(folder / FILE_NAME, _Proof, report="report")
    if not known or known.key != wanted:
        return None
    return known.report if known.report.passed and known.report.devices.get("cpu") == PROVEN else None


def write(folder: Path, proven: str, report: ParityReport) -> None:
    files.write_if_changed(folder / FILE_NAME, codec.text_of(_Proof(key=proven, report=report)))
