"""The docs against the code: commands, options, keys, links."""

from __future__ import annotations

import importlib
import json
import re
import shlex
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING

import click
import pytest

from tsgen.cli import COMMANDS, cli
from tsgen.cli.libtorch import COMMANDS as LIBTORCH
from tsgen.config import RUN_ONLY, Config

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
PACKAGE = ROOT / "generator/tsgen"
DRAWN = (".", "worker", "libtorch")
"""Whose folders CONTRIBUTING.md draws."""
BESIDE = {"wheels.toml"}
"""Named beside the file before it."""
REFERENCE = DOCS / "reference"
COOKIECUTTER = ROOT / "templates/cpp/cookiecutter.json"
PAGES = [*sorted(path for path in DOCS.rglob("*.md") if "_build" not in path.parts),
         *sorted(ROOT.glob("*.md")), *sorted(ROOT.glob("examples/*/README.md"))]  # fmt: skip

FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def commands_of(page: Path) -> Iterator[list[str]]:
    """The words of each `tsgen ...` that a page tells to run."""
    for language, body in FENCE.findall(page.read_text(encoding="utf-8")):
        lines = [line for line in body.splitlines() if language != "console" or line.startswith("$ ")]
        for part in re.split(r"&&|\|\||;|\n|^\$ ", "\n".join(lines), flags=re.MULTILINE):
            words = shlex.split(part, comments=True) if language in {"", "console", "sh"} else []
            if words and words[0].rpartition("/")[2] == "tsgen":
                yield words[1:]


def options_of(words: list[str]) -> set[str]:
    return {word.partition("=")[0] for word in words if re.match(r"-{1,2}[a-z]", word)}


def found_command(words: list[str]) -> click.Command:
    """What a line calls: for `libtorch fetch ...` the command inside the group."""
    command: click.Command = importlib.import_module(f"tsgen.cli.{words[0]}").command
    if isinstance(command, click.Group) and len(words) > 1 and not words[1].startswith("-"):
        inner = command.get_command(click.Context(command), words[1])
        assert inner, f"there is no `tsgen {words[0]} {words[1]}`"
        return inner
    return command


def known_options(words: list[str]) -> set[str]:
    found = found_command(words)
    given = {word for parameter in found.params for word in (*parameter.opts, *parameter.secondary_opts)}
    return {word for word in given if word.startswith("-")} | {"--help", "-h"}


def anchors(page: Path) -> set[str]:
    """As GitHub and MyST make them of headings."""
    prose = FENCE.sub("", page.read_text(encoding="utf-8"))
    headings = re.findall(r"^#{1,3} (.+)$", prose, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_links_lead_somewhere(page: Path) -> None:
    for target in LINK.findall(FENCE.sub("", page.read_text(encoding="utf-8"))):
        if "://" in target:
            continue
        path, _, anchor = target.partition("#")
        there = (page.parent / path).resolve() if path else page
        assert there.exists(), f"{name(page)} links to {target}, which is not there"
        assert not anchor or anchor in anchors(there), f"{name(page)} links to {target}, which has no such heading"


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_commands_shown_exist(page: Path) -> None:
    for words in commands_of(page):
        assert words[0] in COMMANDS, f"{name(page)}: there is no `tsgen {words[0]}`"
        unknown = options_of(words) - known_options(words)
        assert not unknown, f"{name(page)}: `tsgen {words[0]}` has no {unknown}"


def test_commands_are_found_in_the_pages() -> None:
    """The two tests above would pass if they saw nothing."""
    shown = {words[0] for page in PAGES for words in commands_of(page)}
    assert {"new", "build"} <= shown


def test_every_command_is_in_the_reference() -> None:
    """The page is generated from click's own description: all options, their help and their variables."""
    page = (REFERENCE / "cli.md").read_text(encoding="utf-8")
    for command in cli.list_commands(click.Context(cli)):
        assert f"## tsgen {command}\n\n```text\nUsage: tsgen {command} " in page


@pytest.mark.parametrize("command", [*COMMANDS, *(f"libtorch {name}" for name in LIBTORCH)])
def test_every_option_says_what_it_does(command: str) -> None:
    found = found_command(command.split())
    silent = [item.opts[0] for item in found.params if isinstance(item, click.Option) and not item.help]
    assert not silent


def test_every_option_of_the_runner_is_in_the_reference() -> None:
    page = (REFERENCE / "runner.md").read_text(encoding="utf-8")
    usage, prose = FENCE.search(page), FENCE.sub("", page)
    assert usage
    for option in set(re.findall(r"--[a-z]+", usage[2])) - {"--help", "--version"}:
        assert f"`{option}" in prose, f"runner.md only lists {option}"


def test_every_key_of_tsgen_toml_is_in_the_reference() -> None:
    page = (REFERENCE / "tsgen-toml.md").read_text(encoding="utf-8")
    config = Config(name="n", model="m")
    for field in fields(Config):
        row = re.search(rf"^\| `{field.name}` \| (.*?) \|", page, re.MULTILINE)
        assert bool(row) == (field.name not in RUN_ONLY), f"tsgen-toml.md: {field.name}"
        if row and row[1].startswith("`"):
            default = json.loads(row[1].strip("`"))
            assert default == json.loads(json.dumps(getattr(config, field.name))), f"the default of {field.name}"


def test_every_key_of_the_template_is_in_its_how_to() -> None:
    page = (DOCS / "how-to/plain-cookiecutter.md").read_text(encoding="utf-8")
    keys = [key for key in json.loads(COOKIECUTTER.read_text(encoding="utf-8")) if not key.startswith("_")]
    assert re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE) == keys


@pytest.mark.parametrize("command", ["python3 -m venv .venv && ", ".venv/bin/pip install -e '.[torch,test]' && "])
def test_readme_has_the_lines_that_ci_runs(command: str) -> None:
    """Each once, alone on its line and whole: .ci/run takes them from there."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    found = [line for line in readme.splitlines() if line.startswith(command)]
    assert len(found) == 1
    assert command in (ROOT / ".ci/run").read_text(encoding="utf-8")


def test_contributing_names_files_that_are_there() -> None:
    """From the repository, or from the Python package."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`([\w./-]+\.(?:py|cpp|toml|json|md))`", text))
    places = (ROOT, PACKAGE, ROOT / "templates/cpp/{{cookiecutter.project_slug}}/third_party/tsgen")
    assert {"pipeline.py", "worker/export/answer.py"} <= named
    assert {path for path in named if not any((place / path).exists() for place in places)} == BESIDE


def test_contributing_draws_every_folder_and_none_that_is_gone() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    tree = next(body for language, body in FENCE.findall(text) if language == "text")
    drawn = set(re.findall(r"(?<![\w/])(\w+)/", tree))
    there = {init.parent.name: init for folder in DRAWN for init in (PACKAGE / folder).glob("*/__init__.py")}
    assert drawn == set(there)
