"""What a lock names, as a request."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from packaging.version import Version

if TYPE_CHECKING:
    from tsgen.types import LibTorchRequest, Pin


def of_pin(pin: Pin, request: LibTorchRequest) -> LibTorchRequest:
    """`request` for exactly what is pinned. A folder of another machine is not: then the installed torch must be it."""
    return replace(
        request,
        libtorch="auto" if pin.origin == "path" else pin.origin,
        platform=pin.platform,
        build_type=pin.build_type,
        version=Version(pin.version).public,
        accelerator=pin.accelerator,
        cxx11_abi=pin.cxx11_abi,
        locked=pin.sources,
    )
