"""Every error tsgen raises on purpose, each kind with its exit code.

They are defined together so that the codes stay unique and the meanings apart; `cli` alone catches them.
"""

from __future__ import annotations

from typing import ClassVar


class TsgenError(Exception):
    """What was expected and what came, in the user's terms; `hint` says what to change."""

    exit_code: ClassVar[int] = 1

    def __init__(self, message: str, *, hint: str = "", details: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.details = details
        """Lines shown between message and hint: a compiler's first error, the frames of the user's own code."""


class ConfigError(TsgenError):
    """A wrong word on the command line or in tsgen.toml."""

    exit_code = 2


class LibTorchError(TsgenError):
    """The asked-for LibTorch does not exist or was not found."""

    exit_code = 3


class ExportError(TsgenError):
    """The model could not be exported, or not faithfully."""

    exit_code = 4


class RenderError(TsgenError):
    """The project could not be written."""

    exit_code = 5


class ToolMissingError(TsgenError):
    """A program that tsgen runs is not on this machine."""

    exit_code = 6


class BuildError(TsgenError):
    """CMake or the compiler failed."""

    exit_code = 7


class ParityError(TsgenError):
    """The program does not compute what Python computed, or the proof would prove nothing.

    `report`, a ParityReport, has every comparison, when there was an answer to compare.
    """

    exit_code = 8

    def __init__(self, message: str, *, hint: str = "", details: str = "", report: object = None) -> None:
        super().__init__(message, hint=hint, details=details)
        self.report = report


class UnsafeError(TsgenError):
    """Refused for safety: a hash that differs, a path that leaves its folder, a full unpickle."""

    exit_code = 9


class ToolFailedError(TsgenError):
    """A subprocess ended with a status that is not zero; stages turn it into their own kind.

    `output` holds everything the tool printed, both streams in order.
    """

    def __init__(self, command: str, status: int, output: str) -> None:
        super().__init__(f"`{command}` ended with status {status}")
        self.status = status
        self.output = output
