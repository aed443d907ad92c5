"""Compares saved files with torchvision's own transforms: preprocessed.py, then JSON {name: model.pt} on stdin.

Answers {name: {variant: bool}}: whether the file equals it, bit for bit, on images of many sizes. The variant `right`
is the transform; every other has one thing changed in it, and must not be equal.
"""

from __future__ import annotations

import json
import sys
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from torchvision import models
from torchvision import transforms as v1
from torchvision.transforms import v2

if TYPE_CHECKING:
    from collections.abc import Callable

sys.path.insert(0, str(Path(__file__).parent / "models"))
import preprocess  # type: ignore[import-not-found]

SIZES = ((300, 413), (413, 300), (64, 96), (257, 511), (256, 256), (31, 33), (5, 8))
IMAGENET = ([0.485, 0.456, 0.406], [0.229, 0.224, 0.225])


def tail(mean: list[float], std: list[float]) -> list[Any]:
    return [v2.ToDtype(torch.float32, scale=True), v2.Normalize(mean, std)]


def imagenet() -> dict[str, Any]:
    crop, mean, std = v2.CenterCrop(224), *IMAGENET
    divided = v2.Lambda(lambda image: image.float() / 255)
    return {
        "right": v2.Compose([v2.Resize(256), crop, *tail(mean, std)]),
        "no antialias": v2.Compose([v2.Resize(256, antialias=False), crop, *tail(mean, std)]),
        "bicubic": v2.Compose([v2.Resize(256, v2.InterpolationMode.BICUBIC), crop, *tail(mean, std)]),
        "not rounded": v2.Compose([*tail(mean, std)[:1], v2.Resize(256), crop, v2.Normalize(mean, std)]),
        "rounded otherwise": v2.Compose([v1.Resize(256), crop, *tail(mean, std)]),
        "divided": v2.Compose([v2.Resize(256), crop, divided, v2.Normalize(mean, std)]),
        "longer edge": v2.Compose([v2.Resize(None, max_size=256), crop, *tail(mean, std)]),
        "squashed": v2.Compose([v2.Resize((256, 256)), crop, *tail(mean, std)]),
        "sign": v2.Compose([v2.Resize(256), crop, *tail([-value for value in mean], std)]),
        "channels": v2.Compose([v2.Resize(256), crop, *tail(mean[::-1], std)]),
    }


def hwc() -> dict[str, Any]:
    return {name: _channels_last(transform) for name, transform in imagenet().items() if name in ("right", "channels")}


def _channels_last(transform: Any) -> Any:
    return lambda image: transform(image.movedim(-1, -3))


def weights() -> dict[str, Any]:
    preset = models.SqueezeNet1_1_Weights.DEFAULT.transforms()
    return {"right": preset, "of version 2": imagenet()["right"]}


def timm() -> dict[str, Any]:
    mode = v2.InterpolationMode.BICUBIC  # timm's own default, as is 0.875
    steps = [v2.CenterCrop(32), *tail(*preprocess.HALF)]
    return {
        "right": v2.Compose([v2.Resize(36, mode), *steps]),
        "rounded up": v2.Compose([v2.Resize(37, mode), *steps]),
        "bilinear": v2.Compose([v2.Resize(36), *steps]),
    }


def squashed() -> dict[str, Any]:
    steps = [v2.CenterCrop(32), *tail(*preprocess.HALF)]
    return {"right": v2.Compose([v2.Resize((32, 32)), *steps]), "kept": v2.Compose([v2.Resize(32), *steps])}


def classic() -> dict[str, Any]:
    """Of PIL images torchvision's ToTensor makes floats; here of the tensor, by its own definition."""
    last = v1.Compose(
        [v1.CenterCrop(32), v2.Lambda(lambda image: image.float().div(255)), v1.Normalize(*preprocess.HALF)]
    )
    return {"right": v1.Compose([v1.Resize(40), last]), "of version 2": v1.Compose([v2.Resize(40), last])}


REFERENCES: dict[str, Callable[[], dict[str, Any]]] = {
    "imagenet": imagenet,
    "hwc": hwc,
    "weights": weights,
    "timm": timm,
    "squashed": squashed,
    "classic": classic,
    "bicubic": lambda: {"right": preprocess.bicubic},
    "mixed": lambda: {"right": preprocess.mixed},
    "halved": lambda: {"right": preprocess.halved},
}


def equal(name: str, path: str, transform: Any) -> bool:
    saved = torch.jit.load(path)
    saved = saved.transform if name == "weights" else saved
    return all(torch.equal(saved(image), transform(image)) for image in images(last=name == "hwc"))


def images(*, last: bool) -> list[Any]:
    torch.manual_seed(7)
    batch = [torch.randint(0, 256, (count % 3 + 1, 3, *size), dtype=torch.uint8) for count, size in enumerate(SIZES)]
    return [image.movedim(1, -1).contiguous() if last else image for image in batch]


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    found = {
        name: {variant: equal(name, path, transform) for variant, transform in REFERENCES[name]().items()}
        for name, path in json.load(sys.stdin).items()
    }
    sys.stdout.write(json.dumps(found))
