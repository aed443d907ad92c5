"""The model behind its preprocessing: what its forward takes instead."""

# What a model answers TorchScript finds out; a comment on forward itself it would take for types.
# mypy: disable-error-code="no-untyped-def"
# ruff: noqa: ANN201

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

import torch

from ..calls.forward import format_forward, parameters_of
from ..messages import Problem

if TYPE_CHECKING:
    from ..aliases import Model


PIXELS = "pixel_values"
"""What transformers calls the image, seldom its first parameter."""


class Preprocessed(torch.nn.Module):  # type: ignore[misc] # torch is Any here
    def __init__(self, transform: Any, model: Any) -> None:
        super().__init__()
        self.transform = transform
        self.model = model


class OfImage(Preprocessed):
    """A model with its preprocessing before it; it takes uint8 [N, C, H, W], or [N, H, W, C]."""

    def forward(self, image: torch.Tensor):
        return self.model(self.transform(image))


class OfPixelValues(Preprocessed):
    def forward(self, image: torch.Tensor):
        return self.model(pixel_values=self.transform(image))


class OfVideo(Preprocessed):
    """A model of clips with its preprocessing before it; it takes uint8 [N, T, C, H, W]."""

    def forward(self, video: torch.Tensor):
        return self.model(self.transform(video))


class OfImages(Preprocessed):
    """A list of images of any sizes, as detection models take it."""

    def forward(self, images: list[torch.Tensor]):
        return self.model([self.transform(image) for image in images])


class OfTwoImages(Preprocessed):
    """Two images of one size, as optical-flow models take them."""

    def forward(self, image1: torch.Tensor, image2: torch.Tensor):
        return self.model(self.transform(image1), self.transform(image2))


def of_one_image(transform: Any, model: Model, label: str) -> Preprocessed:
    """Raises Problem for a model that needs more than an image."""
    if PIXELS in _names(model):
        return OfPixelValues(transform, model)
    required = [entry.name for entry in parameters_of(model) if entry.required]
    if len(required) > 1:
        raise Problem(
            "unsupported",
            f"--preprocess gives {label} one image, but it needs {', '.join(required)}: {format_forward(model)}",
            "write a factory whose module takes the image and gives the model the rest",
        )
    return OfImage(transform, model)


def _names(model: Model) -> list[str]:
    if isinstance(model, torch.jit.ScriptModule):
        return []
    return list(inspect.signature(model.forward).parameters)
