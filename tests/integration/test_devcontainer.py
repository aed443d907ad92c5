"""What `tsgen add devcontainer` runs in a new container. The container itself needs an engine; its script does not."""

from __future__ import annotations

import json
import os
import shutil
from typing import TYPE_CHECKING

import pytest

from tsgen.commands import add

from . import ci_shims
from .workflow import Failed, bash

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(not shutil.which("bash"), reason="there is no bash on this machine")


class Container:
    """The project's folder, with a pip that only writes down what it was asked for."""

    def __init__(self, folder: Path) -> None:
        self.root, self.log = folder / "my-app", folder / "asked.log"
        add.part(self.root, "my-app", "devcontainer")
        kept = {name: text for name, text in os.environ.items() if not name.startswith(("TSGEN", "PIP_"))}
        self.environment = kept | ci_shims.write(folder / "bin", self.log)

    def create(self, **environment: str) -> str:
        described = json.loads((self.root / ".devcontainer/devcontainer.json").read_text(encoding="utf-8"))
        return bash(described["postCreateCommand"], self.root, self.environment | environment)

    def exported_by(self, torch: str) -> None:
        (self.root / "model/cases").mkdir(parents=True)
        (self.root / "model/cases/index.tsv").write_text(f"torch\t{torch}\nother\t1\n", encoding="utf-8")


@pytest.fixture
def container(tmp_path: Path) -> Container:
    return Container(tmp_path)


def test_the_torch_that_exported_is_installed(container: Container) -> None:
    container.exported_by("2.14.1+cpu")
    container.create()
    assert container.log.read_text(encoding="utf-8") == "pip torch==2.14.1 tsgen-cpp\n"


def test_before_the_first_export_any_torch_will_do(container: Container) -> None:
    assert "the model is not exported yet" in container.create(TSGEN="tsgen-cpp==9")
    assert container.log.read_text(encoding="utf-8") == "pip torch tsgen-cpp==9\n"


def test_a_failing_installation_is_a_failure(container: Container) -> None:
    with pytest.raises(Failed):
        container.create(PIP_STATUS="1")
