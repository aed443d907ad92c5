"""TorchScript: LibTorch interprets the file that was exported."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tsgen.errors import ConfigError

if TYPE_CHECKING:
    from pathlib import Path

    from tsgen.config import Config
    from tsgen.types import Artifact, Build, LibTorch


@dataclass(frozen=True)
class TorchScript:
    files: tuple[str, ...] = ("model.pt",)
    depends_on_model: bool = False

    def known_by(self, *, packaged: bool) -> str:  # noqa: ARG002 - another runtime has two forms
        return self.files[0]

    def refuse_words(self, config: Config) -> None:
        """All but the form of another runtime."""
        if config.packaged:
            raise ConfigError(
                "--packaged goes with --runtime aotinductor alone",
                hint="say that too, or leave it out: TorchScript has one form",
            )

    def refuse_command(self, command: str) -> None:
        """It has them all."""

    def refuse_operators(self) -> None:
        """It calls them."""

    def check_libtorch(self, found: LibTorch, exported_by: str) -> None:
        """What may be older or newer is told when the model is exported."""

    def loaded(self, build: Build, artifact: Artifact) -> Path:  # noqa: ARG002 - another runtime builds it
        return artifact.path
