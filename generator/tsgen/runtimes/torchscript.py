"""TorchScript: LibTorch interprets the file that was exported."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tsgen.errors import ConfigError
from tsgen.types import PLATFORMS

if TYPE_CHECKING:
    from pathlib import Path

    from tsgen.config import Config
    from tsgen.types import Artifact, Build


@dataclass(frozen=True)
class TorchScript:
    files: tuple[str, ...] = ("model.pt",)
    platforms: tuple[str, ...] = PLATFORMS
    calls_cxx: bool = True
    depends_on_model: bool = False
    loads_in_python: bool = True

    def known_by(self, *, packaged: bool) -> str:  # noqa: ARG002 - another runtime has two forms
        return self.files[0]

    def refuse_words(self, config: Config) -> None:
        """All but the form of another runtime."""
        if config.packaged:
            raise ConfigError(
                "--packaged goes with --runtime aotinductor alone",
                hint="say that too, or leave it out: TorchScript has one form",
            )

    def refuse_command(self, command: str, *, packaged: bool = False) -> None:
        """It has them all."""

    def refuse_operators(self) -> None:
        """It calls them."""

    def check_libtorch(self, version: str, exported_by: str) -> None:
        """What may be older or newer is told when the model is exported."""

    def library(self, folder: Path, platform: str) -> Path | None:
        """It makes nothing of it."""

    def loaded(self, build: Build, artifact: Artifact) -> Path:  # noqa: ARG002 - another runtime builds it
        return artifact.path
