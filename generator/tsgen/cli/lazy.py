"""A group of commands, each in a module of its own that is loaded when the command is used."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Mapping


class LazyGroup(click.Group):
    """`lines`: the commands with one line of help each, so that `--help` loads none of the modules."""

    def __init__(self, *words: Any, package: str, lines: Mapping[str, str], **more: Any) -> None:
        super().__init__(*words, **more)
        self.package = package
        self.lines = lines

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(self.lines)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in self.lines:
            return None
        command: click.Command = importlib.import_module(f"{self.package}.{cmd_name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl(list(self.lines.items()))
