"""GitHub Actions: one line of JSON for `strategy.matrix: ${{ fromJSON(...) }}`."""

from __future__ import annotations

from dataclasses import asdict
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from tsgen.system import codec

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tsgen.matrix.systems.system import Job

NAME = "GitHub"
# Source: "Actions limits" in GitHub's documentation: a matrix makes at most 256 jobs.
LIMIT = 256
# Source: the table of images in the README of actions/runner-images, read in November 2026. A version is named where
# there is one, so that a new image comes with a commit. `macos-15` is an Apple silicon; Intel has a label of its own.
RUNNERS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "linux-x86_64": ("ubuntu-24.04",),
        "linux-aarch64": ("ubuntu-24.04-arm",),
        "macos-arm64": ("macos-15",),
        "macos-x86_64": ("macos-15-intel",),
        "windows-x86_64": ("windows-2022",),
        "windows-arm64": ("windows-11-arm",),
    }
)


def text(jobs: Sequence[Job]) -> str:
    return codec.text_of({"include": [_entry(job) for job in jobs]}, indent=None).strip()


def _entry(job: Job) -> dict[str, Any]:
    """`runs-on` takes one label or a list of them."""
    labels: Any = job.runner[0] if len(job.runner) == 1 else list(job.runner)
    return {"leg": job.leg.name, **asdict(job.leg), "runner": labels}
