"""GitLab CI: the child pipeline that a job of `.gitlab-ci.yml` triggers, a job for each leg and one that merges."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import yaml

from tsgen.types import system_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tsgen.matrix.systems.system import Job
    from tsgen.types.matrix import Leg

NAME = "GitLab"
# Source: "CI/CD limits" in the documentation of GitLab.com: 500 jobs in a pipeline; one of them merges.
LIMIT = 499
# Source: "Hosted runners" in the documentation of GitLab.com. Its runners for macOS and Windows are in beta and not for
# every tier, so these want a label in [matrix.runners]. Without tags a job goes to the small x86-64 Linux runner.
RUNNERS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "linux-x86_64": (),
        "linux-aarch64": ("saas-linux-small-arm64",),
    }
)
# Debian with g++ and the Python that tsgen needs; macOS and Windows runners run jobs on the machine itself.
_IMAGE = "python:3.12"
_FOLDER = "build/matrix"
# Both of bash and of PowerShell, where GitLab makes each variable one of the shell's own, too.
_INSTALL = '-m pip install "$TSGEN"'
_HEAD = "# Made by `tsgen matrix --gitlab`; .gitlab-ci.yml says what starts it.\n"


def text(jobs: Sequence[Job]) -> str:
    pipeline: dict[str, Any] = {
        "stages": ["legs", "report"],
        "variables": _variables(),
        **{job.leg.name: _leg(job) for job in jobs},
        "report": _report(),
    }
    return _HEAD + yaml.safe_dump(pipeline, sort_keys=False, width=120)


def _variables() -> dict[str, str]:
    """GitLab keeps nothing between jobs that lies outside the project's folder."""
    return {
        "TSGEN_STORE": "$CI_PROJECT_DIR/.cache/store",
        "SCCACHE_DIR": "$CI_PROJECT_DIR/.cache/compile",
        "TSGEN_COMPILE_CACHE": "sccache",
    }


def _leg(job: Job) -> dict[str, Any]:
    leg = job.leg
    system = system_of(leg.platform)
    linux, python = system == "linux", "python" if system == "windows" else "python3"
    return {
        "stage": "legs",
        **({"image": _IMAGE} if linux else {}),
        **({"tags": list(job.runner)} if job.runner else {}),
        "timeout": "1 hour",
        "cache": _caches(leg),
        "script": [
            *(_compiler(leg) if linux else ()),
            f"{python} {_INSTALL} sccache",
            f"{python} -m tsgen matrix --run --leg '{leg.name}'",
        ],
        "artifacts": {
            "when": "always",
            "expire_in": "1 week",
            "paths": [f"{_FOLDER}/{leg.name}/{file}" for file in ("result.json", "leg.log")],
        },
    }


def _compiler(leg: Leg) -> list[str]:
    """The image has a g++ without a number; Debian's package of clang++-19 is clang-19."""
    package = leg.compiler.replace("clang++", "clang")
    needed = f"command -v '{leg.compiler}'"
    return [f"{needed} || {{ apt-get update -qq && apt-get install -y -qq --no-install-recommends '{package}'; }}"]


def _caches(leg: Leg) -> list[dict[str, Any]]:
    """LibTorch by what the project asks for, what was compiled by the leg; the newest is good enough to begin with."""
    distribution = f"libtorch-{leg.platform}-{leg.torch_version}-{leg.accelerator}-{leg.build_type}"
    return [
        {"key": {"files": ["tsgen.toml", "tsgen.lock"], "prefix": distribution}, "paths": [".cache/store"]},
        {"key": f"compile-{leg.name}", "paths": [".cache/compile"], "when": "always"},
    ]


def _report() -> dict[str, Any]:
    """Also when a leg failed: then the report says so, and fails."""
    return {
        "stage": "report",
        "image": _IMAGE,
        "when": "always",
        "script": [f"python3 {_INSTALL}", f"python3 -m tsgen matrix --merge {_FOLDER}"],
        "artifacts": {
            "when": "always",
            "paths": [f"{_FOLDER}/matrix.html", f"{_FOLDER}/matrix.json", f"{_FOLDER}/*/leg.log"],
        },
    }
