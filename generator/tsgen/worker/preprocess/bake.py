"""From the words to the model that takes images."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import torch

from ..messages import Problem
from . import images, kernels, known, pil, user_file
from .baked import compiled_where_possible, pipeline
from .check import check
from .models import OfImage, OfImages, OfTwoImages, OfVideo, Preprocessed, of_one_image
from .steps import Step, steps_of

if TYPE_CHECKING:
    from ..aliases import Model
    from ..messages import ExportRequest
    from ..sources.loaded import Example, Loaded
    from .words import Words

FIRST = Step("ChannelsFirst", lambda image: torch.stack(image.unbind(-1), -3), kernels.ChannelsFirst())


@dataclass(frozen=True)
class Recipe:
    steps: list[Step]
    wrapper: type[Preprocessed] = OfImage
    cropped: bool = True
    """What the model gets has one size, whatever the image has."""
    channels: int = images.CHANNELS
    frames: int = 0
    """Of a video; 0 for images."""


def baked_in(loaded: Loaded, request: ExportRequest, words: Words) -> Loaded:
    """Raises Problem."""
    images.check_given(request, hwc=words.hwc)
    model = getattr(loaded.model, "_orig_mod", loaded.model)
    recipe = _recipe(words, request, loaded, model)
    steps, parts = _checked(recipe)
    if words.hwc:
        parts = pipeline([FIRST, *steps])
    return replace(
        loaded,
        model=_wrapped(recipe, parts, model, request),
        example=lambda: _example(recipe, loaded, words),
        files=(*loaded.files, *([words.path] if words.path else [])),
        notes=(*loaded.notes, *([] if recipe.frames else pil.notes(steps, recipe.channels))),
    )


def _recipe(words: Words, request: ExportRequest, loaded: Loaded, model: Model) -> Recipe:
    if words.kind == "file":
        return Recipe(steps_of(user_file.transform_of(words)), cropped=False)
    if words.kind == "imagenet":
        return Recipe(known.imagenet())
    if words.kind == "timm" or request.source["kind"] == "timm":
        size = _size_of(loaded) if request.source["kind"] == "timm" else None
        return Recipe(known.timm(model, request.label, size), channels=known.timm_channels(model, size))
    preset = known.of_weights(request)
    return _of_preset(preset, known.frames_of(request))


def _size_of(loaded: Loaded) -> tuple[int, ...] | None:
    """Channels, height and width that the source says, which knows the model's arguments."""
    example = loaded.example() if loaded.example else None
    shape = example.inputs[0].shape[1:] if example and example.inputs else ()
    return tuple(int(side) for side in shape) if all(isinstance(side, int) for side in shape) else None


def _of_preset(preset: Any, frames: int) -> Recipe:
    kind = type(preset).__name__
    if kind == "OpticalFlow":
        return Recipe(known.optical_flow(preset), OfTwoImages)
    step = Step(kind, preset, preset, preset)
    if kind == "VideoClassification":
        return Recipe([step], OfVideo, frames=frames)
    if kind == "ObjectDetection":
        return Recipe([step], OfImages)
    return Recipe([step], cropped=kind == "ImageClassification")


def _checked(recipe: Recipe) -> tuple[list[Step], Any]:
    """The steps with the user's own compiled, where that gives the same."""
    steps = [compiled_where_possible(step) for step in recipe.steps]
    try:
        return steps, _check(recipe, steps)
    except Problem:
        if steps == recipe.steps:
            raise
    return recipe.steps, _check(recipe, recipe.steps)


def _check(recipe: Recipe, steps: list[Step]) -> Any:
    parts = pipeline(steps)
    check(steps, parts, recipe.channels, recipe.frames)
    return parts


def _is_several(recipe: Recipe) -> bool:
    return recipe.wrapper in (OfImages, OfTwoImages)


def _wrapped(recipe: Recipe, parts: Any, model: Model, request: ExportRequest) -> Preprocessed:
    if recipe.wrapper is OfImage:
        return of_one_image(parts, model, request.label)
    return recipe.wrapper(parts, model)


def _example(recipe: Recipe, loaded: Loaded, words: Words) -> Example | None:
    if _is_several(recipe):
        return images.as_bytes(loaded.example() if loaded.example else None, hwc=words.hwc)
    return images.of_image(recipe.channels, hwc=words.hwc, cropped=recipe.cropped, frames=recipe.frames)
