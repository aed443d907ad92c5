"""Where a LibTorch can come from: a function per place under one Protocol, in a dict.

The folder that --libtorch names (`path`) has no entry: its word is the folder itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from tsgen.libtorch.providers import installed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tsgen.types import LibTorch, LibTorchRequest


class Provider(Protocol):
    def __call__(self, request: LibTorchRequest) -> LibTorch:
        """Raises LibTorchError when this place has no LibTorch that answers the request."""
        ...


PROVIDERS: Mapping[str, Provider] = {"installed": installed.resolve}
