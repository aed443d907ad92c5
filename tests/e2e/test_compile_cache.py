"""The compile cache that nobody asked for: a second project does not compile the vendored library again, by counts."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from tsgen.toolchain import ccache, compile_cache

from .conftest import Tsgen, make

if TYPE_CHECKING:
    from pathlib import Path

LIBRARY = ("torchscript/all.cpp", "core/all.cpp", "runner/all.cpp")
NET = """
import torch

def model():
    return torch.nn.Linear(4, {size})

def example_inputs():
    return (torch.ones(2, 4),)
"""


@pytest.fixture(autouse=True)
def own_words_only(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What these tests otherwise say of the cache is unsaid: tsgen's settings are enough."""
    if not compile_cache.program("ccache"):
        pytest.skip("there is no ccache on this machine")
    for name in [name for name in os.environ if name.startswith(("CCACHE_", "CMAKE_CXX_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("CCACHE_DIR", str(tmp_path / "ccache"))


def of_the_library(log: Path) -> dict[str, bool]:
    """Each file of the library that was compiled, and whether the cache had it: what ccache wrote for all of a run."""
    text = log.read_text(encoding="utf-8")
    files = {part.splitlines()[0]: part.splitlines()[1:] for part in text.split("# ")[1:]}
    return {name: "cache_miss" not in words for name in LIBRARY for file, words in files.items() if file.endswith(name)}


def test_a_second_project_takes_the_whole_library_from_the_cache(tsgen: Tsgen, tmp_path: Path) -> None:
    """Another name, another model, another folder at another depth."""
    found = []
    for size, (folder, name) in enumerate((("one", "first"), ("another/deeper", "second-name")), start=3):
        (tmp_path / folder).mkdir(parents=True)
        net = tmp_path / folder / "net.py"
        net.write_text(NET.format(size=size), encoding="utf-8")
        log = tmp_path / f"{name}.log"
        make(tsgen, net.parent, name, "--model", f"{net}:model", env={ccache.STATS_LOG: str(log)})
        found.append(of_the_library(log))
    assert found == [dict.fromkeys(LIBRARY, False), dict.fromkeys(LIBRARY, True)]
