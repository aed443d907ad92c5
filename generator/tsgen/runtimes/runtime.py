"""What tsgen asks of a runtime."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from pathlib import Path

    from tsgen.config import Config
    from tsgen.types import Artifact, Build


class Runtime(Protocol):
    """One way to execute a model, on the side of tsgen."""

    @property
    def files(self) -> tuple[str, ...]:
        """What an export leaves in model/, besides cases and operators, in whatever form."""

    @property
    def platforms(self) -> tuple[str, ...]:
        """Those for which a program with such a model was built, or linked at least."""

    @property
    def calls_cxx(self) -> bool:
        """Whether a program calls C++ of LibTorch's, whose ABI its compiler then must have."""

    @property
    def depends_on_model(self) -> bool:
        """Whether CMake must see the model before it can configure the vendored library."""

    @property
    def loads_in_python(self) -> bool:
        """Whether torch loads in Python, alone, what an export leaves."""

    def known_by(self, *, packaged: bool) -> str:
        """The file that stands for the model."""

    def refuse_words(self, config: Config) -> None:
        """Raises ConfigError for what it does not do."""

    def refuse_command(self, command: str, *, packaged: bool = False) -> None:
        """Raises ConfigError when it, or its packaged form, does not have the command."""

    def refuse_operators(self) -> None:
        """Raises ConfigError when it does not call operators of the project's own."""

    def check_libtorch(self, version: str, exported_by: str) -> None:
        """Raises LibTorchError when a model that torch `exported_by` exported cannot be built with that LibTorch."""

    def library(self, folder: Path, platform: str) -> Path | None:
        """What a build for `platform` in `folder` makes of the model; None where it makes nothing of it."""

    def loaded(self, build: Build, artifact: Artifact) -> Path:
        """The file that the built programs load."""
