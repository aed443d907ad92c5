"""A project as a command opens it: its folder, tsgen.toml, what this machine chose earlier, and the model's Python."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tsgen import config as toml
from tsgen import toolchain
from tsgen.project import lock, user_presets
from tsgen.runtimes import refuse_words
from tsgen.toolchain import interpreter
from tsgen.types import Project

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tsgen.config import Config
    from tsgen.toolchain import Toolchain
    from tsgen.toolchain.interpreter import Interpreter


@dataclass(frozen=True, kw_only=True)
class Workspace:
    root: Path
    """Holds the project's files."""
    home: Path
    """Where the project stands, from which its relative paths start. It is `root`, except while `new` prepares beside
    its place: until the LibTorch is found, and with --force over an existing project until the model is exported."""
    config: Config
    python: Interpreter
    choices: Mapping[str, str] = field(default_factory=dict)
    """What an earlier command chose on this machine."""

    @classmethod
    def open(cls, root: Path, options: Mapping[str, Any]) -> Workspace:
        """The project in `root`. `options`: the words of the command line and of TSGEN_*, which go before tsgen.toml.

        Raises ConfigError for what is no project, and for a word that is no option's.
        """
        choices = user_presets.read_choices(root)
        config = toml.load(root, choices, options)
        refuse_words(config)
        python = interpreter.find(config.python, choices.get("python"))
        return cls(root=root, home=root, config=config, python=python, choices=choices)

    @cached_property
    def tools(self) -> Toolchain:
        """What compiles it. Raises ToolMissingError."""
        return toolchain.find()

    @property
    def project(self) -> Project:
        return Project(name=self.config.name, root=self.root)

    @property
    def locked_artifact(self) -> lock.Exported:
        """What tsgen.lock records of the exported model; empty when it records none."""
        return lock.read(self.root).artifact

    @property
    def search_path(self) -> list[Path]:
        """The folders where `package.module:factory` is looked for besides the installed packages."""
        return [Path.cwd(), self.home, self.home.parent]


def read_config(root: Path, options: Mapping[str, Any]) -> Config:
    """The Config of the project in `root`: tsgen.toml, with what this machine chose earlier. Raises ConfigError."""
    return toml.load(root, user_presets.read_choices(root), options)
