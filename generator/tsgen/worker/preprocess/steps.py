"""A transform taken apart into steps, each with what runs in eager Python and what TorchScript compiles instead."""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Callable

import torch
from torchvision import transforms as v1
from torchvision.transforms import v2

from ..protocol import Problem
from . import kernels

if TYPE_CHECKING:
    from types import ModuleType

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
    "ToDtype": lambda step: kernels.ToDtype(_dtype_of(step), step.scale),
    "ConvertImageDtype": lambda step: kernels.ToDtype(step.dtype, True),
    "Normalize": kernels.Normalize,
    "Grayscale": kernels.Grayscale,
    "RGB": lambda _step: kernels.Rgb(),
}
_V1: dict[str, Maker] = {
    name: lambda step: step for name in ("Resize", "CenterCrop", "Pad", "ConvertImageDtype", "Grayscale")
}
_V1["Normalize"] = lambda step: v1.Normalize(kernels.numbers(step.mean), kernels.numbers(step.std))
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
    inner = _inner(transform)
    if inner is not None:
        return [step for part in inner for step in steps_of(part)]
    name = type(transform).__name__
    _refuse(transform, name)
    known = _known(transform, name)
    return [Step(_function_name(transform), transform)] if known is None else known


def _inner(transform: Any) -> list[Any] | None:
    if isinstance(transform, (v1.Compose, v2.Compose)):
        return list(transform.transforms)
    return list(transform) if type(transform) is torch.nn.Sequential else None


def _known(transform: Any, name: str) -> list[Step] | None:
    if _is_from(transform, v2):
        return _of_library(transform, name, _V2)
    if _is_from(transform, v1):
        return _of_library(transform, name, _V1)
    return None


def _of_library(transform: Any, name: str, table: dict[str, Maker]) -> list[Step] | None:
    if name in _NOTHING:
        return [Step(name, _same, torch.nn.Identity(), transform)]
    if name == "ToTensor":
        return [Step(name, kernels.ToTensor(), kernels.ToTensor(), transform)]
    if name not in table:
        return None
    return [Step(name, transform, table[name](transform), None if name in _TENSORS_ONLY else transform)]


def _same(image: Any) -> Any:
    return image


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
        raise _not_baked(f"a {name} cannot be called")
    if isinstance(getattr(transform, "fill", None), dict):
        raise _not_baked(f"{name} has a fill for each type")


def _not_baked(why: str) -> Problem:
    return Problem("unsupported", f"--preprocess cannot be baked: {why}", WAY_OUT)


def _dtype_of(step: Any) -> Any:
    """Of an image; the check against the original finds out where this is another one."""
    if not isinstance(step.dtype, dict):
        return step.dtype
    given = {getattr(key, "__name__", key): value for key, value in step.dtype.items()}
    wanted = next((given[key] for key in ("Image", "Tensor", "others") if given.get(key) is not None), None)
    if wanted is None:
        raise _not_baked("ToDtype names no dtype for images")
    return wanted


def _function_name(transform: Any) -> str:
    return str(transform.__name__ if inspect.isfunction(transform) else type(transform).__name__)
