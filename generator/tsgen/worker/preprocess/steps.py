"""A transform taken apart into steps, each with what runs in eager Python and what TorchScript compiles instead."""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Callable

import torch
from torchvision import transforms as v1
from torchvision import tv_tensors
from torchvision.transforms import v2

from ..messages import Problem
from . import kernels

if TYPE_CHECKING:
    from types import ModuleType

    from ..aliases import Value

WAY_OUT = (
    "name a transform of tensor code (torchvision.transforms.v2: Resize, CenterCrop, ToDtype, Normalize, Pad, "
    "Grayscale, or a function of a tensor), and do the rest before the image is given to the program"
)


@dataclass(frozen=True)
class Step:
    name: str
    original: Callable[[Any], Any]
    """As it is, on tensors of [..., C, H, W]."""
    kernel: Any = None
    """What is compiled in its place; None: the original is called, and the export is judged as any other."""
    of_pil: Callable[[Any], Any] | None = None
    """As it is, on a PIL image; None for a step that takes none."""


Maker = Callable[[Any], Any]

_V2: dict[str, Maker] = {
    "Resize": kernels.Resize,
    "CenterCrop": kernels.CenterCrop,
    "Pad": kernels.Pad,
    "ConvertImageDtype": lambda step: kernels.ToDtype(step.dtype, True),
    "Normalize": kernels.Normalize,
    "Grayscale": kernels.Grayscale,
    "RGB": lambda _step: kernels.Rgb(),
}
_V1: dict[str, Maker] = {
    "Resize": lambda step: v1.Resize(_listed(step.size), step.interpolation, step.max_size, step.antialias),
    "CenterCrop": lambda step: step,
    "Pad": lambda step: v1.Pad(_listed(step.padding), step.fill, step.padding_mode),
    "ConvertImageDtype": lambda step: step,
    "Normalize": lambda step: v1.Normalize(kernels.numbers(step.mean), kernels.numbers(step.std)),
    "Grayscale": lambda step: step,
}
"""TorchScript has no number where a list is wanted, and no tensor as an argument."""
_TENSORS_ONLY = {"ToDtype", "ConvertImageDtype", "Normalize"}
_NOTHING = {"PILToTensor", "ToImage", "ToPureTensor", "Identity"}
"""For what is a tensor already; from a PIL image they make one."""
_RANDOM = {
    "ColorJitter",
    "AutoAugment",
    "RandAugment",
    "TrivialAugmentWide",
    "AugMix",
    "ElasticTransform",
    "ScaleJitter",
}
_RANDOM |= {"GaussianNoise", "MixUp", "CutMix"}
_NO_TENSORS = {"ToPILImage": "gives a PIL image", "FiveCrop": "gives five images", "TenCrop": "gives ten images"}
_LIBRARIES = {"albumentations", "transformers", "tokenizers", "cv2", "PIL", "timm"}


def steps_of(transform: Any) -> list[Step]:
    """Raises Problem, naming it, for a step that cannot be baked."""
    steps: list[Step] = []
    for part in _flat(transform):
        steps.append(_step(part, tv_image=_is_tv_image(steps)))
    return steps


def _flat(transform: Any) -> list[Any]:
    if isinstance(transform, (v1.Compose, v2.Compose)):
        return [part for inner in transform.transforms for part in _flat(inner)]
    if type(transform) is torch.nn.Sequential:
        return [part for inner in transform for part in _flat(inner)]
    return [transform]


def _is_tv_image(steps: list[Step]) -> bool:
    """Whether the last of them that decides has made a tv_tensors.Image of the tensor."""
    deciding = [step.name for step in steps if step.name in ("ToImage", "ToPureTensor")]
    return deciding[-1:] == ["ToImage"]


def _step(transform: Any, *, tv_image: bool) -> Step:
    name = type(transform).__name__
    _refuse(transform, name)
    if name == "ToDtype" and _is_from(transform, v2):
        return Step(name, transform, _to_dtype(transform, tv_image=tv_image))
    for module, table in ((v2, _V2), (v1, _V1)):
        if _is_from(transform, module):
            return _of_library(transform, name, table)
    return Step(_function_name(transform), transform)


def _of_library(transform: Any, name: str, table: dict[str, Maker]) -> Step:
    if name in _NOTHING:
        on_tensor = transform if _is_from(transform, v2) else torch.nn.Identity()
        return Step(name, on_tensor, torch.nn.Identity(), transform)
    if name == "ToTensor":
        return Step(name, _to_tensor, kernels.ToTensor(), transform)
    kernel = table[name](transform) if name in table else None
    return Step(name, transform, kernel, None if name in _TENSORS_ONLY else transform)


def _to_tensor(image: Any) -> Any:
    """Convert by torchvision's own function, which takes pictures as PIL and numpy have them, one by one."""
    if image.dtype != torch.uint8:
        return image
    pictures = image.reshape(-1, *image.shape[-3:]).permute(0, 2, 3, 1).contiguous().numpy()
    return torch.stack([v1.functional.to_tensor(picture) for picture in pictures]).reshape(image.shape)


def _listed(value: Value) -> list[int]:
    return [value] if isinstance(value, int) else list(value)


def _is_from(transform: Any, module: ModuleType) -> bool:
    """Itself, not a class of the user's that extends it."""
    return type(transform) is getattr(module, type(transform).__name__, None)


def _refuse(transform: Any, name: str) -> None:
    kind = type(transform).__module__
    of_torchvision = kind.startswith("torchvision.")
    if of_torchvision and (name.startswith("Random") or name in _RANDOM):
        message = f"--preprocess cannot be baked: {name} draws at random, and an exported model answers alike each time"
        raise Problem("unsupported", message, "name the transform of the evaluation, not of the training")
    if of_torchvision and name in _NO_TENSORS:
        raise _not_baked(f"{name} {_NO_TENSORS[name]}, not a tensor of images")
    if kind.partition(".")[0] in _LIBRARIES:
        raise _not_baked(f"{name} of {kind.partition('.')[0]} is no tensor code")
    if not callable(transform):
        raise _not_baked(f"an object of type {name} cannot be called")
    if isinstance(getattr(transform, "fill", None), dict):
        raise _not_baked(f"{name} has a fill for each type")


def _not_baked(why: str) -> Problem:
    return Problem("unsupported", f"--preprocess cannot be baked: {why}", WAY_OUT)


def _to_dtype(step: Any, *, tv_image: bool) -> Any:
    if not isinstance(step.dtype, dict):
        return kernels.ToDtype(step.dtype, step.scale)
    key = tv_tensors.Image if tv_image else torch.Tensor
    if key not in step.dtype and "others" not in step.dtype:
        raise _not_baked(f"ToDtype names no dtype for {key.__name__}")
    dtype = step.dtype.get(key, step.dtype.get("others"))
    return torch.nn.Identity() if dtype is None else kernels.ToDtype(dtype, step.scale)


def _function_name(transform: Any) -> str:
    return str(transform.__name__ if inspect.isfunction(transform) else type(transform).__name__)
