"""Models that call operators which LibTorch does not have."""

from __future__ import annotations

import torch
from torch import nn
from torchvision.ops import deform_conv2d, nms, roi_align


class Detecting(nn.Module):
    """deform_conv2d, nms and roi_align, as torchvision's detectors call them."""

    def __init__(self) -> None:
        super().__init__()
        self.offset = nn.Conv2d(3, 18, 3, padding=1)
        self.weight = nn.Parameter(torch.randn(4, 3, 3, 3))

    def forward(self, image: torch.Tensor, boxes: torch.Tensor, scores: torch.Tensor) -> tuple[torch.Tensor, ...]:
        features = deform_conv2d(image, self.offset(image), self.weight, padding=1)
        corners = torch.cat([boxes.abs(), boxes.abs() + 4], 1)
        rois = torch.cat([torch.zeros_like(corners[:, :1]), corners], 1)
        return roi_align(features, rois, 2, aligned=True), nms(corners, scores, 0.5)


class Negating(nn.Module):
    """An operator of the library that the test compiles."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.ops.tsgen_corpus.negate(x) + 1


class Plain(nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x + 1


class InAMethod(nn.Module):
    """forward calls none of them."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x + 1

    @torch.jit.export
    def kept(self, boxes: torch.Tensor, scores: torch.Tensor) -> torch.Tensor:
        return nms(boxes, scores, 0.5)


class OfPython(nn.Module):
    """Its operator is registered by Python code alone."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.ops.tsgen_python.double(x) + 1


@torch.library.custom_op("tsgen_python::double", mutates_args=())
def _double(x: torch.Tensor) -> torch.Tensor:
    return x * 2
