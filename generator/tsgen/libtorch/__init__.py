"""resolve(request) -> LibTorch: which distribution, from where, and what it really is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tsgen.config import suggestion
from tsgen.errors import ConfigError
from tsgen.libtorch.platform import host_platform
from tsgen.libtorch.providers import PROVIDERS, path

if TYPE_CHECKING:
    from tsgen.libtorch.providers import Provider
    from tsgen.types import LibTorch, LibTorchRequest

__all__ = ["check_word", "host_platform", "is_folder", "resolve"]

AUTO = "auto"
AUTO_ORDER = ("installed",)


def resolve(request: LibTorchRequest) -> LibTorch:
    """Ask the provider that the request names; `auto` takes the first of AUTO_ORDER that has one.

    Raises LibTorchError when there is none, with what was looked at and the ways out.
    """
    if request.libtorch == AUTO:
        return PROVIDERS[AUTO_ORDER[0]](request)
    return _provider(request.libtorch)(request)


def is_folder(word: str) -> bool:
    """Whether a value of --libtorch is a folder: it looks like a path, and not like a provider's name."""
    return bool(re.search(r"[/\\.~]", word))


def check_word(word: str) -> None:
    """Raises ConfigError for a --libtorch that is neither `auto`, a provider nor a folder."""
    known = (AUTO, *PROVIDERS)
    if word not in known and not is_folder(word):
        raise ConfigError(
            f"--libtorch: `{word}` is not a provider",
            hint=suggestion(word, known) or f"{' | '.join(known)}, or a folder such as ./libtorch",
        )


def _provider(word: str) -> Provider:
    check_word(word)
    return PROVIDERS.get(word, path.resolve)
