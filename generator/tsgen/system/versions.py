"""Which torch a folder says it is, without running it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_HEADERS = ("torch/headeronly/version.h", "torch/csrc/api/include/torch/version.h")
"""The numbers are in the second since 1.8, and since 2.9 in the first."""


def declared_version(root: Path) -> str | None:
    """The version as torch.__version__ gives it: from a wheel's version.py or a zip's build-version.

    An environment of conda has neither, and only the headers tell: without the local part. None when nothing tells.
    """
    headers = (_numbers(root / "include" / header) for header in _HEADERS)
    return declared(root, "__version__") or _archive(root / "build-version") or next(filter(None, headers), None)


def declared(root: Path, name: str) -> str | None:
    """The text that a wheel's version.py gives to `name`: `cuda: Optional[str] = '13.0'`; None for no text."""
    file = root / "version.py"
    if not file.is_file():
        return None
    assigned = rf"^{name}\s*(?::[^=]*)?=\s*['\"]([^'\"]+)['\"]"
    match = re.search(assigned, file.read_text(encoding="utf-8", errors="replace"), re.MULTILINE)
    return match[1] if match else None


def _archive(file: Path) -> str | None:
    return file.read_text(encoding="utf-8", errors="replace").strip() or None if file.is_file() else None


def _numbers(header: Path) -> str | None:
    if not header.is_file():
        return None
    text = header.read_text(encoding="utf-8", errors="replace")
    parts = [re.search(rf"#define TORCH_VERSION_{part} +(\d+)", text) for part in ("MAJOR", "MINOR", "PATCH")]
    numbers = [part[1] for part in parts if part]
    return ".".join(numbers) if len(numbers) == len(parts) else None
