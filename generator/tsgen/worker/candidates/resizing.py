"""How torchvision's detectors scale their images, when they are scripted.

Eager Python computes the scale in double precision, the scripted code with float32 tensors, where 320 / 100 times 100
is less than 320: the image and with it all boxes differ. Here is what eager Python does, in words that TorchScript
knows.
"""
# No `from __future__ import annotations`: torch.jit.script reads the types.
# ruff: noqa: FA100

import contextlib
import sys
from collections.abc import Iterator
from typing import Dict, List, Optional, Tuple  # noqa: UP035

import torch
from torch import Tensor

_MODULE = "torchvision.models.detection.transform"
_NAME = "_resize_image_and_masks"


def _resize(
    image: Tensor,
    self_min_size: int,
    self_max_size: int,
    target: Optional[Dict[str, Tensor]] = None,  # noqa: UP006
    fixed_size: Optional[Tuple[int, int]] = None,  # noqa: UP006
) -> Tuple[Tensor, Optional[Dict[str, Tensor]]]:  # noqa: UP006
    size: Optional[List[int]] = None  # noqa: UP006
    scale: Optional[float] = None
    recompute: Optional[bool] = None
    if fixed_size is not None:
        size = [fixed_size[1], fixed_size[0]]
    else:
        shorter, longer = min(image.shape[-2], image.shape[-1]), max(image.shape[-2], image.shape[-1])
        scale = min(self_min_size / shorter, self_max_size / longer)
        recompute = True
    resized = torch.nn.functional.interpolate(
        image[None],
        size=size,
        scale_factor=scale,
        mode="bilinear",
        recompute_scale_factor=recompute,
        align_corners=False,
    )
    return resized[0], target


@contextlib.contextmanager
def as_eager() -> Iterator[None]:
    """While the block runs, what is compiled scales as eager Python does; targets, for training, are left alone."""
    transform = sys.modules.get(_MODULE)
    before = getattr(transform, _NAME, None)
    if transform is None or before is None:
        yield
        return
    setattr(transform, _NAME, _resize)
    try:
        yield
    finally:
        setattr(transform, _NAME, before)
