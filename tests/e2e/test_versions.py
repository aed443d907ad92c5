"""One generated project against LibTorch of many versions, each by the wheel provider: built, run, proven.

The wheels of Linux hold CUDA and have up to 900 MB, so only those of `QUICK` are fetched unless --slow is given.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from .conftest import REPOSITORY, make

if TYPE_CHECKING:
    from .conftest import Made, Tsgen

# Both ABIs, each C++ standard, and each layout of the wheels: 1.13.1 carries its own CUDA runtime, 2.6 is the last with
# the old ABI, 2.11 the first with a meta package for CUDA, 2.12 the first with C++20.
LADDER = ("1.13.1", "2.0.1", "2.4.1", "2.6.0", "2.8.0", "2.10.0", "2.13.0", "2.14.1", "2.15.0")
QUICK = frozenset({"2.13.0"})


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("store")


@pytest.fixture(scope="module")
def small(tsgen: Tsgen, tmp_path_factory: pytest.TempPathFactory) -> Made:
    folder = tmp_path_factory.mktemp("versions")
    return make(tsgen, folder, "myapp", "--model", f"{REPOSITORY / 'examples/rnn_loop/model.py'}:wrapped")


@pytest.fixture
def everywhere(store: Path, tmp_path: Path) -> dict[str, str]:
    """The store of this module; and no constraint of pip's: it may allow only one torch."""
    (tmp_path / "none.txt").touch()
    return {"TSGEN_STORE": str(store), "PIP_CONSTRAINT": str(tmp_path / "none.txt")}


@pytest.mark.network
@pytest.mark.parametrize(
    "version", [version if version in QUICK else pytest.param(version, marks=pytest.mark.slow) for version in LADDER]
)
def test_the_project_is_proven_with_this_libtorch(
    version: str, small: Made, tsgen: Tsgen, everywhere: dict[str, str], tmp_path: Path
) -> None:
    ignored = shutil.ignore_patterns("build", "CMakeUserPresets.json")
    project = Path(shutil.copytree(small.root, tmp_path / "myapp", ignore=ignored))
    words = ("--libtorch", "wheel", "--torch-version", version, "--accelerator", "cpu", "--older-libtorch")
    ended = tsgen("build", project, *words, "--json", env=everywhere)
    assert ended.status == 0, ended.stdout + ended.stderr
    outcome: dict[str, Any] = ended.document
    assert outcome["libtorch"]["version"].partition("+")[0] == version
    assert (outcome["libtorch"]["origin"], outcome["libtorch"]["accelerator"]) == ("wheel", "cpu")
    assert outcome["parity"]["devices"]["cpu"] == "proven"
    exported_by = outcome["artifact"]["torch_version"].partition("+")[0]
    assert outcome["parity"]["demand"] == ("exact" if version == exported_by else "tolerance")
    assert_starts_alone(Path(outcome["build"]["executable"]), project)


def assert_starts_alone(program: Path, project: Path) -> None:
    """With no environment that could lend a library."""
    from .conftest import run  # noqa: PLC0415 - the one use

    ended = run("env", "-i", program, project / "model/model.pt", cwd=Path(os.sep))
    assert ended.status == 0, ended.stderr
    assert ended.stdout.startswith("ok\n")
