"""`tsgen doctor`: what the second runtime needs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tsgen.doctor import aotinductor

from .test_doctor import facts, of, torch

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("changes", "state", "said"),
    [
        ({}, "ok", "torch 2.14.1+cu130, OpenMP"),
        ({"torch": torch(version="2.13.0")}, "old", "torch 2.13.0"),
        ({"torch": None}, "missing", "no torch"),
        ({"platform": "linux-aarch64"}, "missing", "this is linux-aarch64"),
    ],
)
def test_what_aotinductor_needs_blocks_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, changes: dict[str, Any], state: str, said: str
) -> None:
    monkeypatch.setattr(aotinductor, "_without_openmp", lambda: "")
    found = of("AOTInductor", aotinductor.examine(facts(tmp_path, **changes)))
    assert (found.state, found.found, found.blocking) == (state, said, False)
    assert bool(found.fix) == (state != "ok")


def test_a_compiler_without_openmp_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CXX", "false")
    found = of("AOTInductor", aotinductor.examine(facts(tmp_path)))
    assert (found.state, "no OpenMP" in found.found) == ("missing", True)
