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


def of_pytorch(request: LibTorchRequest) -> LibTorch:
    """A wheel or an archive, as the request names, else what there is: the wheel first."""
    from tsgen.libtorch import published  # noqa: PLC0415 - HTTP and zips, which an installed torch does not need

    return published.resolve(request)


def conan(request: LibTorchRequest) -> LibTorch:
    from tsgen.libtorch.providers.conan import resolve  # noqa: PLC0415

    return resolve(request)


PROVIDERS: Mapping[str, Provider] = {
    "installed": installed.resolve,
    "wheel": of_pytorch,
    "archive": of_pytorch,
    "conan": conan,
}
