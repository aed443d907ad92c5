"""The development container of `tsgen add devcontainer`, as far as it can be checked without starting one."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tsgen.commands import add

# Source: github.com/devcontainers/spec, schemas/, commit c95ffee of 2026-03-20; its licence lies beside it.
SCHEMA: dict[str, Any] = json.loads(
    (Path(__file__).parent / "evidence/devcontainer/devContainer.base.schema.json").read_text(encoding="utf-8")
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("my-app")
    add.part(root, "my-app", "devcontainer")
    return root / ".devcontainer"


@pytest.fixture
def document(folder: Path) -> dict[str, Any]:
    return dict(json.loads((folder / "devcontainer.json").read_text(encoding="utf-8")))


def test_the_published_schema_holds(document: dict[str, Any]) -> None:
    jsonschema.validate(document, SCHEMA)


@pytest.mark.parametrize(
    "wrong",
    [
        {"postCreateCommands": "true"},
        {"build": {"dockerFile": "Dockerfile"}},
        {"hostRequirements": {"gpu": "perhaps"}},
        {"remoteUser": 1000},
    ],
    ids=str,
)
def test_the_schema_would_find_what_is_wrong(document: dict[str, Any], wrong: dict[str, Any]) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**document, **wrong}, SCHEMA)


def test_what_it_names_is_there(folder: Path, document: dict[str, Any]) -> None:
    assert (folder / document["build"]["dockerfile"]).is_file()
    command, script = document["postCreateCommand"].split()
    assert command == "sh"
    assert (folder.parent / script).is_file()


def test_the_editors_python_is_the_one_of_the_image(folder: Path, document: dict[str, Any]) -> None:
    settings = document["customizations"]["vscode"]["settings"]
    environment = re.search(r"^ENV VIRTUAL_ENV=(\S+)$", (folder / "Dockerfile").read_text("utf-8"), re.MULTILINE)
    assert environment
    assert settings["python.defaultInterpreterPath"] == f"{environment[1]}/bin/python3"


def test_clangd_reads_the_commands_of_a_preset(document: dict[str, Any]) -> None:
    presets = json.loads(
        next((Path(__file__).parents[2] / "templates/cpp").glob("*/CMakePresets.json")).read_text("utf-8")
    )
    folders = {preset.get("binaryDir") for preset in presets["configurePresets"]}
    (argument,) = document["customizations"]["vscode"]["settings"]["clangd.arguments"]
    assert argument.replace("--compile-commands-dir=", "${sourceDir}/") in folders
