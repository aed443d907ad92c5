"""resolve(request) -> LibTorch: which distribution, from where, and what it really is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tsgen.config import suggestion
from tsgen.console import note
from tsgen.errors import ConfigError, LibTorchError
from tsgen.libtorch.host_platform import host_platform
from tsgen.libtorch.pinned import of_pin
from tsgen.libtorch.policy import check_direction
from tsgen.libtorch.providers import PROVIDERS, of_pytorch, path
from tsgen.libtorch.wanted import CUDA, accelerator_for, further, is_folder, wanted

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from tsgen.config import Config
    from tsgen.libtorch.providers import Provider
    from tsgen.types import LibTorch, LibTorchRequest, Pin

__all__ = [
    "CUDA",
    "accelerator_for",
    "check_direction",
    "check_word",
    "further",
    "host_platform",
    "is_folder",
    "keep",
    "of_pin",
    "require_pip",
    "resolve",
    "wanted",
]

AUTO = "auto"


def resolve(request: LibTorchRequest) -> LibTorch:
    """Ask the provider that the request names; `auto` takes the installed torch when it will do, else fetches one.

    Raises LibTorchError when there is none, with what was looked at and the ways out.
    """
    return _auto(request) if request.libtorch == AUTO else _provider(request.libtorch)(request)


def require_pip(config: Config, pins: Iterable[Pin]) -> None:
    """Where a project names platforms that are not pinned, an index is asked for them once the model is exported.

    Raises ToolMissingError when the pip that would ask is none, or too old.
    """
    pinned = {host_platform(), *(pin.platform for pin in pins)}
    if set(config.platforms) - pinned and not config.offline and config.libtorch != "archive":
        from tsgen.libtorch.wheels import pip  # noqa: PLC0415 - most projects are for one platform

        pip.require()


def keep(found: LibTorch, project: Path) -> None:
    """Let `tsgen libtorch prune` know that this project uses what came from the store."""
    if found.sources:
        from tsgen.libtorch import published  # noqa: PLC0415 - an installed torch needs no store

        published.use(found, project)


def check_word(word: str) -> None:
    """Raises ConfigError for a --libtorch that is neither `auto`, a provider nor a folder."""
    known = (AUTO, *PROVIDERS)
    if word not in known and not is_folder(word):
        raise ConfigError(
            f"--libtorch: `{word}` is not a provider",
            hint=suggestion(word, known) or f"{' | '.join(known)}, or a folder such as ./libtorch",
        )


def _auto(request: LibTorchRequest) -> LibTorch:
    """A torch that is installed is passed over only with a word."""
    try:
        return PROVIDERS["installed"](request)
    except LibTorchError as refused:
        if not request.version:
            raise
        if request.torch:
            note(f"the installed torch will not do: {refused.message}")
    return of_pytorch(request)


def _provider(word: str) -> Provider:
    check_word(word)
    return PROVIDERS.get(word, path.resolve)
