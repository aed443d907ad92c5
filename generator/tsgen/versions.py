"""Which torch a folder says it is, without running it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_WHEEL = re.compile(r"^__version__\s*(?::[^=]*)?=\s*['\"]([^'\"]+)['\"]", re.MULTILINE)


def declared_version(root: Path) -> str | None:
    """As torch.__version__ gives it: from a wheel's version.py or a zip's build-version; None when it has neither."""
    wheel, archive = root / "version.py", root / "build-version"
    if wheel.is_file():
        match = _WHEEL.search(wheel.read_text(encoding="utf-8"))
        return match[1] if match else None
    return archive.read_text(encoding="utf-8").strip() or None if archive.is_file() else None
