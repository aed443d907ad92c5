"""How far PIL's own resize lies from that of tensors: what somebody sees who compares with a PIL pipeline."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch
from torchvision.transforms import functional

from .check import images, original

if TYPE_CHECKING:
    from .steps import Step

SIZES = ((300, 400), (160, 120))
"""Heights and widths of the images compared: the usual targets lie between them."""
LEVELS = 255


def notes(steps: list[Step], channels: int) -> list[str]:
    """None when no step is open to PIL images, or they cannot be compared."""
    if not any(step.of_pil for step in steps) or channels != 3:  # noqa: PLR2004 - an RGB image
        return []
    try:
        measured = {kind: _levels(steps, kind) for kind in ("noise", "slope")}
    except Exception:  # noqa: BLE001 - a step may refuse PIL images; then nobody compares with them
        return []
    return [_sentence(*measured["noise"], smooth=measured["slope"][0])]


def _sentence(largest: float, mean: float, *, smooth: float) -> str:
    if not max(largest, smooth):
        return "preprocessing: PIL images give the same values as tensors"
    return (
        "preprocessing: PIL resizes to other values than tensors are resized to: on noise they differ by up to "
        f"{_shown(largest)} of the {LEVELS} levels of a pixel ({_shown(mean)} on average), on smooth images by "
        f"{_shown(smooth)}"
    )


def _shown(levels: float) -> str:
    return f"{levels:.0f}" if levels >= 1 else f"{levels:.1g}"


def _levels(steps: list[Step], kind: str) -> tuple[float, float]:
    """The largest and the mean difference, in levels of a uint8 pixel."""
    found = [_difference(steps, batch[0]) for size in SIZES for name, batch in images(*size, 3) if name == kind]
    every = torch.cat([difference.flatten() for difference in found])
    return float(every.max()), float(every.mean())


def _difference(steps: list[Step], image: Any) -> Any:
    of_tensor = original(steps, image)
    black, white = (original(steps, torch.full_like(image, level)) for level in (0, LEVELS))
    middle = (white - black).double().abs().amax(dim=(-1, -2), keepdim=True)
    return (of_tensor - of_pil(steps, image)).double().abs() / (middle / LEVELS)


def of_pil(steps: list[Step], image: Any) -> Any:
    """The same steps on the image as PIL has it; it becomes a tensor where the first step wants one."""
    value = functional.to_pil_image(image)
    for step in steps:
        if isinstance(value, torch.Tensor):
            value = step.original(value)
        elif step.of_pil:
            value = step.of_pil(value)
        else:
            value = step.original(functional.pil_to_tensor(value))
    value = value if isinstance(value, torch.Tensor) else functional.pil_to_tensor(value)
    return value.as_subclass(torch.Tensor)
