"""What executes an exported model in C++. All that differs from one to another on this side is a Runtime's.

A new runtime is a module here, a line in RUNTIMES, and one on each other side: `worker/export/runtimes`, and
`src/runtimes` of the vendored library.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tsgen.runtimes.aotinductor import PACKAGED, AOTInductor
from tsgen.runtimes.torchscript import TorchScript

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tsgen.config import Config
    from tsgen.runtimes.runtime import Runtime

__all__ = ["PACKAGED", "RUNTIMES", "model_files", "refuse_command", "refuse_words"]

RUNTIMES: Mapping[str, Runtime] = {"torchscript": TorchScript(), "aotinductor": AOTInductor()}


def model_files(folder: Path) -> list[Path]:
    """The files that an exported model consists of, of whatever runtime, besides its cases and operators."""
    known = dict.fromkeys(name for runtime in RUNTIMES.values() for name in runtime.files)
    return [folder / name for name in known if (folder / name).is_file()]


def refuse_words(config: Config) -> None:
    """Raises ConfigError when the project says something that its runtime does not do."""
    RUNTIMES[config.runtime].refuse_words(config)


def refuse_command(config: Config, command: str) -> None:
    """Raises ConfigError when the project's runtime does not have the command."""
    RUNTIMES[config.runtime].refuse_command(command, packaged=config.packaged)
