"""Where tsgen keeps what belongs to no project: what can be made or found again, for each user once."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def folder() -> Path:
    """The user's cache folder of tsgen, by the system's own rules; it need not be there yet."""
    from platformdirs import user_cache_path  # noqa: PLC0415 - a build that has nothing to do does without

    return user_cache_path("tsgen", appauthor=False)
