"""Shared by all tiers: a marker by folder, a world without this machine's settings, and the Python that has torch."""

from __future__ import annotations

import importlib.util
import os
import site
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).parent
MARKED_FOLDERS = ("integration", "e2e")
# Read by the tests themselves, not by tsgen.
TEST_PYTHON = "TSGEN_TEST_PYTHON"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--slow", action="store_true", help="also the tests that take minutes and gigabytes")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        if item.get_closest_marker("slow") and not config.getoption("--slow"):
            item.add_marker(pytest.mark.skip(reason="takes minutes and gigabytes; --slow runs it"))
        for folder in MARKED_FOLDERS:
            if HERE / folder in item.path.parents:
                item.add_marker(folder)


@pytest.fixture(scope="session", autouse=True)
def clean_environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No choice of the person who runs the tests reaches tsgen, and nothing it writes reaches their home."""
    home = str(tmp_path_factory.mktemp("home"))
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("TSGEN_") and name != TEST_PYTHON]:
            patch.delenv(name)
        patch.delenv("VIRTUAL_ENV", raising=False)
        # A torch installed with `pip install --user` would be lost together with the home.
        patch.setenv("PYTHONUSERBASE", site.getuserbase())
        patch.setenv("HOME", home)
        patch.setenv("USERPROFILE", home)
        yield


@pytest.fixture(scope="session")
def model_python() -> Path:
    """An interpreter that has torch."""
    named = os.environ.get(TEST_PYTHON)
    if not named and not importlib.util.find_spec("torch"):
        pytest.skip(f"no torch beside {sys.executable}; {TEST_PYTHON} may name a Python that has it")
    return Path(named or sys.executable)
