"""Models of every structure."""

from typing import NamedTuple, Optional

import torch
from torch import Tensor, nn


class Detector(nn.Module):
    """As a scripted detector of torchvision: losses beside a list of dicts, one for each image."""

    def forward(
        self,
        images: list[Tensor],
        threshold: float = 0.5,
    ) -> tuple[dict[str, Tensor], list[dict[str, Tensor]]]:
        found: list[dict[str, Tensor]] = []
        for image in images:
            flat = image.flatten()
            scores = flat[flat > threshold]
            found.append({"boxes": scores.unsqueeze(1) * 2, "scores": scores})
        losses: dict[str, Tensor] = {}
        return losses, found


class Answer(NamedTuple):
    total: Tensor
    extra: Optional[Tensor]
    count: int  # type: ignore[assignment] # over tuple.count
    ratio: float
    label: str
    large: bool


class Options(nn.Module):
    def forward(
        self,
        x: Tensor,
        k: int,
        scale: float,
        flip: bool,  # noqa: FBT001 - an input of the model
        mode: str,
        mask: Optional[Tensor] = None,
        bias: Optional[int] = None,
    ) -> Answer:
        if flip:
            x = -x
        if mask is not None:
            x = x * mask
        total = x.sum() * scale
        if bias is not None:
            total = total + bias
        return Answer(total, mask, k + x.size(0), scale / 2, mode + "-größe", x.size(0) > 2)


class How(NamedTuple):
    scale: float
    flip: bool = False


class Defaulted(nn.Module):
    def forward(
        self,
        x: Tensor,
        how: How,
        k: int = 3,
        far: float = float("inf"),
        mode: str = "a b",
        bias: Optional[int] = 7,
    ) -> tuple[Tensor, int, float, str]:
        x = -x if how.flip else x
        x = x * how.scale + (0 if bias is None else bias)
        return x, k, far, mode + "!"


class Point(NamedTuple):
    x: Tensor
    y: Tensor


class Nested(nn.Module):
    def forward(
        self,
        batch: dict[str, Tensor],
        levels: dict[int, Tensor],
        pair: tuple[Tensor, list[Tensor]],
        point: Point,
    ) -> tuple[dict[str, Tensor], tuple[Tensor, list[int]], Optional[Tensor], list[Optional[Tensor]]]:
        total = batch["a"] + batch["b"]
        sizes: list[int] = []
        rest: list[Optional[Tensor]] = []
        for one in pair[1]:
            sizes.append(one.size(0))
            rest.append(one + 1 if one.size(0) > 1 else None)
        answer = {"sum": total, "levels": levels[0] - levels[7]}
        return answer, (pair[0] * point.x + point.y, sizes), None, rest


class Flat(nn.Module):
    def forward(self, x: Tensor, k: Tensor, scale: Tensor, flip: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        signed = torch.where(flip, -x, x)
        return signed[:, :2] * scale + k, k + 1, x.sum(0)


class Counter(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("calls", torch.zeros(1))

    def forward(self, x: Tensor) -> Tensor:
        self.calls += 1
        return x + self.calls


class Coder(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.linear = nn.Linear(4, 2)

    def forward(self, x: Tensor) -> Tensor:
        return self.linear(x).relu()

    @torch.jit.export
    def encode(self, x: Tensor, times: int) -> dict[str, Tensor]:
        return {"code": self.linear(x) * times}


DTYPES = ["uint8", "int8", "int16", "int32", "int64", "float16", "bfloat16", "float32", "float64"]
DTYPES += ["bool", "complex64", "complex128"]


class Dtypes(nn.Module):
    def forward(self, values: dict[str, Tensor]) -> dict[str, Tensor]:
        answer: dict[str, Tensor] = {}
        for key, value in values.items():
            answer[key] = value[:2].contiguous()
        return answer
