from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tsgen.cli.lazy import LazyGroup

if TYPE_CHECKING:
    from collections.abc import Mapping

COMMANDS: Mapping[str, str] = {
    "op": "An operator of your own in C++, which the model calls and the program brings.",
    "ci": "Workflows for GitHub or GitLab that build and prove every leg of the matrix.",
    "conan": "A recipe by which Conan 2 builds, proves and packages the project.",
    "devcontainer": "A development container with compiler, CMake and the torch of the model.",
}


@click.group("add", cls=LazyGroup, package=__name__, lines=COMMANDS)
def command() -> None:
    """Add a part to a project. What you have there stays, unless you say --force."""
