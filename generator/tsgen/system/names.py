"""Names as they stand in files and in C++."""

from __future__ import annotations

from urllib.parse import unquote

from tsgen.worker.signature_text import encode

__all__ = ["decode", "encode", "identifier"]


def identifier(name: str) -> str:
    """A project's `name` as a C++ identifier."""
    return name.replace("-", "_")


def decode(name: str) -> str:
    """The name that `encode` was given."""
    return unquote(name)
