"""A model that takes only texts with a mark at their end, as nobody draws them by chance."""

from __future__ import annotations

import torch
from torch import nn

END = 9999


class Ended(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.embedding = nn.Embedding(10000, 4)

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        if not bool((ids[:, -1] == END).all()):
            raise ValueError("each text must end with the mark")
        return self.embedding(ids).sum(1)


def example_inputs() -> list[tuple[torch.Tensor]]:
    texts = [torch.randint(0, END, shape) for shape in ((2, 5), (3, 7))]
    for text in texts:
        text[:, -1] = END
    return [(text,) for text in texts]
