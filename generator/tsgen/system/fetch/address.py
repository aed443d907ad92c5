"""Where a file is asked for: mirrors, and the `+` of version numbers."""

from __future__ import annotations

import os
import re
from urllib.parse import urlsplit

from tsgen.errors import ConfigError

OFFICIAL = "https://download.pytorch.org"
VARIABLE = "TSGEN_MIRROR"


def address(url: str, mirror: str | None = None) -> str:
    """`url` at the mirror that is given or that TSGEN_MIRROR names; a `+` in its path is sent as %2B.

    The server takes a bare `+` for a space. Raises ConfigError for a mirror that is no http or https URL.
    """
    mirror = os.environ.get(VARIABLE, "") if mirror is None else mirror
    if mirror and (url == OFFICIAL or url.startswith(f"{OFFICIAL}/")):
        url = f"{_checked(mirror).rstrip('/')}{url.removeprefix(OFFICIAL)}"
    parts = urlsplit(url)
    return parts._replace(path=parts.path.replace("+", "%2B")).geturl()


def format_url(url: str) -> str:
    """`url` without the name and the password that it may hold, for messages."""
    parts = urlsplit(url)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()


def _is_url(word: str) -> bool:
    try:
        parts = urlsplit(word)
    except ValueError:  # [ without its ]
        return False
    return parts.scheme in {"http", "https"} and bool(parts.netloc) and not re.search(r"\s", word)


def _checked(mirror: str) -> str:
    if not _is_url(mirror):
        raise ConfigError(
            f"{VARIABLE}: expected an http or https URL, got `{mirror}`",
            hint=f"name what stands for {OFFICIAL}, as in {VARIABLE}=https://files.example.org/pytorch",
        )
    return mirror
