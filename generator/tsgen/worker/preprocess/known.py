"""The preprocessings that are known by a word."""

from __future__ import annotations

import importlib
import math
from typing import TYPE_CHECKING, Any

import torch
from torchvision import models
from torchvision import transforms as v1
from torchvision.transforms import v2

from ..messages import Problem
from . import kernels
from .steps import Step, steps_of

if TYPE_CHECKING:
    from ..aliases import Model
    from ..messages import ExportRequest

_IMAGENET = {"mean": [0.485, 0.456, 0.406], "std": [0.229, 0.224, 0.225]}
FRAMES = 16
"""Of a clip, when the weights do not say: torchvision's own video training uses 16."""
_FILE = "name a transform of your own: --preprocess file.py:transform"


def imagenet() -> list[Step]:
    """The steps with which most classifiers were evaluated: 256 pixels at the shorter edge, the middle 224."""
    return steps_of(
        v2.Compose(
            [
                v2.Resize(256, antialias=True),
                v2.CenterCrop(224),
                v2.ToDtype(torch.float32, scale=True),
                v2.Normalize(**_IMAGENET),
            ]
        )
    )


def of_weights(request: ExportRequest) -> Any:
    """The transforms of the DEFAULT weights of a torchvision model. Raises Problem."""
    if request.source["kind"] != "torchvision":
        raise Problem(
            "unsupported",
            f"--preprocess weights: only torchvision's and timm's models say how their images are prepared, "
            f"not {request.label}",
            _FILE,
        )
    return models.get_model_weights(request.source["name"]).DEFAULT.transforms()


def frames_of(request: ExportRequest) -> int:
    """The number of frames of a clip that the weights were trained on."""
    meta = models.get_model_weights(request.source["name"]).DEFAULT.meta
    return int(meta.get("min_temporal_size") or FRAMES)


def optical_flow(preset: Any) -> list[Step]:
    """The steps for one of the two images: the preset takes them together and treats them alike."""
    half = [0.5, 0.5, 0.5]
    kernel = torch.nn.Sequential(v1.ConvertImageDtype(torch.float32), v1.Normalize(half, half))
    return [Step("OpticalFlow", lambda image: preset(image, image)[0], kernel)]


def timm(model: Model, label: str, wanted: tuple[int, ...] | None = None) -> list[Step]:
    """The steps with which timm.data.create_transform evaluates the model, on tensors.

    `wanted`: channels, height and width. Raises Problem for what is no timm model, and what cannot be baked.
    """
    if not getattr(model, "pretrained_cfg", None):
        raise Problem("unsupported", f"--preprocess timm: {label} is no timm model: it has no pretrained_cfg", _FILE)
    data = _timm_data(model, wanted)
    if why := _why_not(data):
        raise Problem("unsupported", f"--preprocess timm cannot be baked: {label} {why}", _FILE)
    size = tuple(data["input_size"][-2:])
    rest = [v2.CenterCrop(size), v2.ToDtype(torch.float32, scale=True), v2.Normalize(data["mean"], data["std"])]
    return [_timm_resize(data, size), *steps_of(v2.Compose(rest))]


def _why_not(data: dict[str, Any]) -> str:
    channels, means = data["input_size"][0], len(data["mean"])
    if means not in (1, channels):
        return f"takes images of {channels} channels and says the mean of {means}"
    if data["crop_mode"] not in ("center", "squash"):
        return f"is evaluated with the crop mode {data['crop_mode']!r}"
    return ""


def _timm_data(model: Model, wanted: tuple[int, ...] | None) -> dict[str, Any]:
    arguments = {"input_size": wanted} if wanted else None
    return dict(importlib.import_module("timm.data").resolve_model_data_config(model, arguments))


def timm_channels(model: Model, wanted: tuple[int, ...] | None = None) -> int:
    return int(_timm_data(model, wanted)["input_size"][0])


def _timm_resize(data: dict[str, Any], size: tuple[int, int]) -> Step:
    height, width = (math.floor(side / data["crop_pct"]) for side in size)
    mode = kernels.interpolation_named(data["interpolation"])
    if data["crop_mode"] == "center" and height != width:
        return _keep_ratio((height, width), mode)
    wanted = [height, width] if data["crop_mode"] == "squash" else height
    return steps_of(v2.Resize(wanted, mode, antialias=True))[0]


def _keep_ratio(size: tuple[int, int], mode: Any) -> Step:
    """The step by timm's own class, which takes no interpolation in the sense of version 2: it only says the size."""
    timms = importlib.import_module("timm.data.transforms").ResizeKeepRatio(size, interpolation=mode.value)

    def original(image: Any) -> Any:
        return v2.functional.resize(image, timms.get_params(image, size, 0.0), mode, antialias=True)

    return Step("ResizeKeepRatio", original, kernels.KeepRatio(size, mode), timms)
