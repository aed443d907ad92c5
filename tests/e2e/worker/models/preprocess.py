"""Transforms to bake, and models that show what they are given."""

from __future__ import annotations

from typing import Any

import torch
from torchvision import transforms as v1
from torchvision.transforms import v2

HALF = ([0.5, 0.4, 0.3], [0.25, 0.3, 0.35])


class Pixels(torch.nn.Module):
    def forward(self, pixels: torch.Tensor) -> torch.Tensor:
        return pixels.clone()


class Timms(Pixels):
    """As much of a timm model as says how its images are prepared."""

    def __init__(self, **said: Any) -> None:
        super().__init__()
        self.pretrained_cfg = {"input_size": (3, 32, 32), "mean": HALF[0], "std": HALF[1], **said}


class TwoInputs(torch.nn.Module):
    def forward(self, pixels: torch.Tensor, scale: torch.Tensor) -> torch.Tensor:
        return pixels * scale


class ByName(torch.nn.Module):
    """As transformers' image models are called."""

    def forward(self, mask: Any = None, pixel_values: Any = None) -> torch.Tensor:
        return pixel_values if mask is None else mask


def _halved(image: torch.Tensor) -> torch.Tensor:
    """The size is computed from the image's, which a trace would freeze."""
    height, width = int(image.shape[-2]) // 2, int(image.shape[-1]) // 2
    return v2.functional.resize_image(image[..., :height, :width].float(), [24, 24])


def _of_one_only(image: torch.Tensor) -> torch.Tensor:
    return v2.functional.resize_image(image, [24, 24]) - image.float().mean()


def _noisy(image: torch.Tensor) -> torch.Tensor:
    return image + torch.rand(1)


def _listed(image: torch.Tensor) -> list[torch.Tensor]:
    return [image]


def _pil(image: Any) -> Any:
    return image.convert("RGB")


def _end(*steps: Any) -> Any:
    return v2.Compose([*steps, v2.ToDtype(torch.float32, scale=True), v2.Normalize(*HALF)])


classic = v1.Compose([v1.Resize(40), v1.CenterCrop(32), v1.ToTensor(), v1.Normalize(*HALF)])
bicubic = _end(
    v2.ToImage(),
    v2.Resize(40, v2.InterpolationMode.BICUBIC, max_size=50),
    v2.CenterCrop((32, 48)),
    v2.Pad([1, 2, 3, 4], fill=(1, 2, 3)),
    v2.Grayscale(3),
)
mixed = v2.Compose([v2.Resize(40), v2.CenterCrop(32), v2.Lambda(lambda image: image / 255), v2.Normalize(*HALF)])
halved, of_one_only, noisy, listed, pil = _halved, _of_one_only, _noisy, _listed, _pil
cropped_at_random = v2.Compose([v2.RandomCrop(32), v2.ToDtype(torch.float32)])
jittered = v1.Compose([v1.ColorJitter(), v1.ToTensor()])
to_pil = v2.Compose([v2.ToPILImage(), v2.Resize(32)])
not_called = 3


def made() -> Any:
    return classic
