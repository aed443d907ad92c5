"""What each family of torchvision's models is called with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable

from ..messages import InputRequest
from .loaded import Example

if TYPE_CHECKING:
    from ..messages import Dim

Builder = Callable[..., Any]

FRAMES = 16
"""Of a clip, when the weights do not say: torchvision's own video training uses 16."""
SEGMENTATION_SIZE = 224
"""Height and width of the example; both are dynamic, and its training size (520) would only be slow."""
FLOW_SIZES = (128, 136, 160)
"""RAFT takes sizes that are multiples of 8, and 128 at least: its smallest correlation is 2 of 8 * 8 pixels."""
DETECTION_SIZES = {"H0": 160, "W0": 200, "H1": 200, "W1": 160}
"""Two images of different sizes; each detector scales them to its own."""
DETECTION_OTHERS: dict[str, tuple[int, ...]] = {"H0": (200,), "W0": (256,), "H1": (256,), "W1": (200,)}


def example(models: Any, name: str, builder: Builder) -> Example:
    family = family_of(builder)
    if family == "detection":
        return _detection()
    if family == "optical_flow":
        return _optical_flow()
    return _images(models, name, family)


def family_of(builder: Builder) -> str:
    """`detection`, `video`, ...; empty for classification, which lies in torchvision.models itself."""
    families = ("detection", "optical_flow", "video", "segmentation", "quantization")
    return next((part for part in builder.__module__.split(".") if part in families), "")


def _detection() -> Example:
    first = InputRequest("images.0", "float32", (3, "H0", "W0"), {name: DETECTION_SIZES[name] for name in ("H0", "W0")})
    second = InputRequest(
        "images.1", "float32", (3, "H1", "W1"), {name: DETECTION_SIZES[name] for name in ("H1", "W1")}
    )
    return Example((first, second), other_sizes=DETECTION_OTHERS)


def _optical_flow() -> Example:
    size, *others = FLOW_SIZES
    sizes = {"H": size, "W": size}
    images = tuple(InputRequest(name, "float32", ("N", 3, "H", "W"), sizes) for name in ("image1", "image2"))
    return Example(images, other_sizes={"H": tuple(others), "W": tuple(reversed(others))})


def _images(models: Any, name: str, family: str) -> Example:
    weights = models.get_model_weights(name).DEFAULT
    crop = getattr(weights.transforms(), "crop_size", None)
    shape: tuple[Dim, ...] = ("N", 3, *_extent(family, crop, weights.meta))
    sizes = {"H": SEGMENTATION_SIZE, "W": SEGMENTATION_SIZE} if family == "segmentation" else {}
    return Example((InputRequest(None, None, shape, sizes),))


def _extent(family: str, crop: Any, meta: dict[str, Any]) -> tuple[Dim, ...]:
    if family == "segmentation":
        return ("H", "W")
    height, width = (int(crop[0]), int(crop[-1])) if crop else (224, 224)
    frames = (int(meta.get("min_temporal_size") or FRAMES),) if family == "video" else ()
    return (*frames, height, width)
