"""Preprocessing steps as modules that TorchScript compiles: torchvision's own functions with their arguments bound.

torchvision.transforms.v2 compiles its classes as those of version 1, which round elsewhere; its functions it compiles
as they are. Compiled, the size an image is resized to is computed anew for each image, which a trace would freeze.
"""

from __future__ import annotations

from typing import Any

import torch
from torchvision.transforms import InterpolationMode
from torchvision.transforms.v2 import functional as v2

_PILS = {0: "nearest", 1: "lanczos", 2: "bilinear", 3: "bicubic", 4: "box", 5: "hamming"}


def interpolation_named(word: Any) -> Any:
    """The InterpolationMode of one, its name, or PIL's number. Raises ValueError for no such name."""
    return word if isinstance(word, InterpolationMode) else InterpolationMode(_PILS.get(word, word))


class Resize(torch.nn.Module):  # type: ignore[misc] # torch is Any here
    def __init__(self, step: Any) -> None:
        super().__init__()
        self.size = None if step.size is None else list(step.size)
        self.interpolation = interpolation_named(step.interpolation)
        self.max_size = step.max_size
        self.antialias = step.antialias

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        return v2.resize_image(image, self.size, self.interpolation, self.max_size, self.antialias)


class CenterCrop(torch.nn.Module):  # type: ignore[misc]
    def __init__(self, step: Any) -> None:
        super().__init__()
        self.size = list(step.size)

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        return v2.center_crop_image(image, self.size)


class Pad(torch.nn.Module):  # type: ignore[misc]
    def __init__(self, step: Any) -> None:
        super().__init__()
        self.padding = [step.padding] if isinstance(step.padding, int) else list(step.padding)
        self.fill = [float(value) for value in step.fill] if isinstance(step.fill, (list, tuple)) else step.fill
        self.mode = step.padding_mode

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        return v2.pad_image(image, self.padding, self.fill, self.mode)


class ToDtype(torch.nn.Module):  # type: ignore[misc]
    def __init__(self, dtype: Any, scale: bool) -> None:  # noqa: FBT001 - the two of torchvision's function
        super().__init__()
        self.dtype = dtype
        self.scale = scale

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        return v2.to_dtype_image(image, self.dtype, self.scale)


class Normalize(torch.nn.Module):  # type: ignore[misc]
    def __init__(self, step: Any) -> None:
        super().__init__()
        self.mean = numbers(step.mean)
        self.std = numbers(step.std)

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        return v2.normalize_image(image, self.mean, self.std)


class Grayscale(torch.nn.Module):  # type: ignore[misc]
    def __init__(self, step: Any) -> None:
        super().__init__()
        self.channels = int(step.num_output_channels)

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        return v2.rgb_to_grayscale_image(image, self.channels)


class Rgb(torch.nn.Module):  # type: ignore[misc]
    def forward(self, image: torch.Tensor) -> torch.Tensor:
        return v2.grayscale_to_rgb_image(image)


class ToTensor(torch.nn.Module):  # type: ignore[misc]
    """What torchvision's ToTensor does to the bytes of a PIL image; to tensors it is not open."""

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        if image.dtype == torch.uint8:
            return image.to(torch.float32).div(255)
        return image


class ChannelsFirst(torch.nn.Module):  # type: ignore[misc]
    """Contiguous, so that what follows is the same as for an image that came that way."""

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        return image.movedim(-1, -3).contiguous()


class KeepRatio(torch.nn.Module):  # type: ignore[misc]
    """What timm's ResizeKeepRatio does: the side that is nearer to its target gets there, the other follows."""

    def __init__(self, size: tuple[int, int], interpolation: Any) -> None:
        super().__init__()
        self.height, self.width = size
        self.interpolation = interpolation

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        ratio = min(image.shape[-2] / self.height, image.shape[-1] / self.width)
        size = [int(round(image.shape[-2] / ratio)), int(round(image.shape[-1] / ratio))]  # noqa: RUF046 - a float in TorchScript
        return v2.resize_image(image, size, self.interpolation)


def numbers(values: Any) -> list[float]:
    """The numbers of a list, a tuple or a tensor with one dimension."""
    return [float(value) for value in values]
