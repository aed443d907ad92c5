"""What people take to a GPU, small, and with no file to download."""

from __future__ import annotations

import torch
from torch import nn

ALPHA = 0.5


class Recurrent(nn.Module):
    """A plain LSTM, whose first state is made inside."""

    def __init__(self) -> None:
        super().__init__()
        self.lstm, self.head = nn.LSTM(8, 16, num_layers=2, batch_first=True), nn.Linear(16, 4)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y, _ = self.lstm(x)
        return self.head(y[:, -1])


class Positioned(nn.Module):
    """A BERT in small: words, positions that are counted inside, and a mask of what is padded."""

    def __init__(self, words: int = 100, longest: int = 64, width: int = 32) -> None:
        super().__init__()
        self.words, self.positions = nn.Embedding(words, width), nn.Embedding(longest, width)
        self.layers = nn.ModuleList(nn.MultiheadAttention(width, 4, batch_first=True) for _ in range(2))
        self.norms = nn.ModuleList(nn.LayerNorm(width) for _ in range(2))

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        y = self.words(ids) + self.positions(torch.arange(ids.size(1), device=ids.device))
        for layer, norm in zip(self.layers, self.norms, strict=True):
            y = norm(y + layer(y, y, y, key_padding_mask=ids == 0)[0])
        return y.mean(1)


class Detector(nn.Module):
    """Boxes and scores of an image, those that overlap suppressed, and what the image has in each."""

    def __init__(self) -> None:
        super().__init__()
        self.features = nn.Conv2d(3, 8, 3, stride=8)
        self.boxes, self.scores = nn.Conv2d(8, 4, 1), nn.Conv2d(8, 1, 1)

    def forward(self, image: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        from torchvision import ops  # noqa: PLC0415 - the other models need no torchvision

        features = self.features(image).relu()
        raw = self.boxes(features).flatten(2).squeeze(0).t() * 10
        boxes = torch.cat([raw[:, :2], raw[:, :2] + 8 + raw[:, 2:].abs()], 1)
        scores = self.scores(features).flatten()
        kept = ops.nms(boxes, scores, 0.5)[:5]
        pooled = ops.roi_align(features, [boxes[kept]], output_size=3, spatial_scale=0.125)
        return boxes[kept], scores[kept], pooled


class OwnOperator(nn.Module):
    """Calls what `tsgen add op scale_add --cuda` writes into a project of the name own_operator."""

    def __init__(self) -> None:
        super().__init__()
        self.linear = nn.Linear(8, 8)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y: torch.Tensor = torch.ops.own_operator_ops.scale_add(self.linear(x), 2.0, ALPHA)
        return y
