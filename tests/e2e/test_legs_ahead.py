"""One export of AOTInductor's, made on Linux x86_64, built for every platform that can be tried from there."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

import pytest

from .conftest import HERE, make

if TYPE_CHECKING:
    from .conftest import Made, Tsgen

pytestmark = [
    pytest.mark.slow,
    pytest.mark.network,
    pytest.mark.skipif(
        sys.platform != "linux" or os.uname().machine != "x86_64", reason="these ways lead from linux-x86_64"
    ),
]
MATRIX = """
[matrix]
platform = ["linux-x86_64"]
build_type = ["release"]
compiler = ["g++", "clang++"]
include = [
  { platform = "linux-aarch64", compiler = "g++" },
  { platform = "windows-x86_64", compiler = "g++" },
  { platform = "macos-arm64", compiler = "clang++" },
]
"""
STATES = {"linux-x86_64": "proven", "linux-aarch64": "proven", "windows-x86_64": "proven", "macos-arm64": "linked"}


@pytest.fixture(scope="module")
def project(tsgen: Tsgen, tmp_path_factory: pytest.TempPathFactory) -> Made:
    model = HERE / "worker/models/compiled_ahead.py:Mixed"
    made = make(tsgen, tmp_path_factory.mktemp("ahead"), "app", "--model", model, "--runtime", "aotinductor")
    with (made.root / "tsgen.toml").open("a", encoding="utf-8") as stream:
        stream.write(MATRIX)
    return made


@pytest.fixture(scope="module")
def legs(tsgen: Tsgen, project: Made) -> list[dict[str, Any]]:
    # The tests have a home of their own: the DLL of Microsoft's that wine lacks is found by XDG_CACHE_HOME alone.
    ended = tsgen("matrix", project.root, "--run", "--json", "--jobs", 1)
    return list(ended.document["legs"])


@pytest.mark.parametrize(
    ("platform", "compiler"),
    [
        ("linux-x86_64", "g++"),
        ("linux-x86_64", "clang++"),
        ("linux-aarch64", "g++"),
        ("windows-x86_64", "g++"),
        ("macos-arm64", "clang++"),
    ],
)
def test_it_goes_as_far_as_it_can_be_tried(legs: list[dict[str, Any]], platform: str, compiler: str) -> None:
    (leg,) = [each for each in legs if (each["leg"]["platform"], each["leg"]["compiler"]) == (platform, compiler)]
    if leg["state"] == "lacking":
        pytest.skip(f"{leg['reason']}: {leg['hint']}")
    assert leg["state"] == STATES[platform], leg["reason"]
    if leg["state"] == "proven":
        assert leg["parity"]["passed"]
        assert leg["parity"]["demand"] == "tolerance"
    if platform == "windows-x86_64":
        assert "not Microsoft's Windows" in leg["reason"]
        assert any("one OpenMP, libiomp5md.dll" in fact for fact in leg["facts"])
