"""Which images the model is called with: the example, and what --input may say."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ..messages import InputRequest, Problem
from ..sources.loaded import Example

if TYPE_CHECKING:
    from ..messages import Dim, ExportRequest

LEVELS = 256
CHANNELS = 3
EXAMPLE = {"N": 2, "H": 272, "W": 96}
"""A portrait, made smaller; the other sizes make a landscape of it and a small image."""
OTHERS = {"H": (64, 160), "W": (320, 208)}
WHOLE_EXAMPLE = {"N": 2, "H": 96, "W": 112}
"""Where no crop keeps small what the model gets: a long image would only be slow."""
WHOLE_OTHERS = {"H": (128, 64), "W": (80, 160)}


def of_image(channels: int, *, hwc: bool, cropped: bool, frames: int = 0) -> Example:
    """The example of an image or a clip: uint8 [N, (frames,) channels, H, W], or the channels last."""
    picture: tuple[Dim, ...] = ("H", "W", channels) if hwc else (channels, "H", "W")
    shape: tuple[Dim, ...] = ("N", *((frames,) if frames else ()), *picture)
    name = "video" if frames else "image"
    sizes, others = (EXAMPLE, OTHERS) if cropped else (WHOLE_EXAMPLE, WHOLE_OTHERS)
    return Example((InputRequest(name, "uint8", shape, dict(sizes), LEVELS),), other_sizes=dict(others))


def as_bytes(example: Example | None, *, hwc: bool) -> Example | None:
    """The example of a model that takes several images of floats, with images of bytes in their place."""
    if example is None:
        return None
    return replace(example, inputs=tuple(_as_bytes(entry, hwc=hwc) for entry in example.inputs))


def _as_bytes(entry: InputRequest, *, hwc: bool) -> InputRequest:
    *before, channels, height, width = entry.shape
    shape = (*before, height, width, channels) if hwc else entry.shape
    return replace(entry, dtype="uint8", shape=shape, high=LEVELS)


def check_given(request: ExportRequest, *, hwc: bool) -> None:
    """Raises Problem for an --input that is no image of bytes, or has its channels elsewhere."""
    for entry in request.inputs:
        shown = f"--input {entry.name or ''}".rstrip()
        if entry.dtype != "uint8":
            message = f"{shown}: with --preprocess the model takes images of uint8, not of {entry.dtype or 'floats'}"
            raise Problem("bad_input", message, f"write it as --input image={_shown(hwc=hwc)}:uint8")
        if len(entry.shape) >= CHANNELS and entry.shape[-1 if hwc else -3] not in (1, CHANNELS, 4):
            where = "last" if hwc else "before height and width"
            message = f"{shown}: the channels of the image are expected {where}: {_shown(hwc=hwc)}"
            raise Problem("bad_input", message, _other_layout(request.preprocess, hwc=hwc))


def _shown(*, hwc: bool) -> str:
    return "NxHxWx3" if hwc else "Nx3xHxW"


def _other_layout(words: str, *, hwc: bool) -> str:
    return f"leave `,hwc` out of --preprocess {words}" if hwc else f"for channels last write --preprocess {words},hwc"
