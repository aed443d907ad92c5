"""Models whose outputs are as long as values say, although no example shows another length."""

from __future__ import annotations

import os
from typing import Any

import torch
import torchvision
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

FAR = 1e6
"""No value that is tried comes near it."""


class Padded(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.lstm = nn.LSTM(3, 4, batch_first=True)

    def forward(self, x: Any, lengths: Any) -> Any:
        packed = pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False)
        return pad_packed_sequence(self.lstm(packed)[0], batch_first=True)


class PaddedByMask(nn.Module):
    """As long as the longest row that is not far: the whole of it, with the numbers that are tried."""

    def __init__(self) -> None:
        super().__init__()
        self.padded = Padded()

    def forward(self, x: Any) -> Any:
        return self.padded(x, (x.amax(2) < FAR).sum(1))


class PaddedToAll(Padded):
    """As long as the input, whatever the lengths say."""

    def forward(self, x: Any, lengths: Any) -> Any:
        packed = pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False)
        answer, _ = pad_packed_sequence(self.lstm(packed)[0], batch_first=True, total_length=x.shape[1])
        return answer


class Plain(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.lstm = nn.LSTM(3, 4, batch_first=True)

    def forward(self, x: Any) -> Any:
        return self.lstm(x)[0]


def example_inputs() -> dict[str, Any]:
    """The longest is as long as the input, in each of them."""
    return {"x": torch.ones(3, 5, 3), "lengths": torch.tensor([5, 2, 3])}


class Masked(nn.Module):
    def forward(self, x: Any) -> Any:
        far = x.amax(1) > FAR
        return {"rows": x[far], "chosen": torch.masked_select(x, x > FAR), "all": x * 2}


class Gathered(nn.Module):
    """What is far of a batch that is put together row by row."""

    def forward(self, x: Any) -> Any:
        batch = x.new_zeros(2, 4)
        for row in range(2):
            batch[row, :].copy_(x[row])
        return batch[batch > FAR]


class Written(nn.Module):
    """A mask of values that says where, and not how many."""

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("kept", torch.tensor([True, False, True, True]))

    def forward(self, x: Any) -> Any:
        y = x.clone()
        y[x > 0] = 0.5
        return torch.where(x > 1, x, y), x[:, self.kept], x[torch.zeros_like(x[:, 0]) < 1]


class Kept(nn.Module):
    """Boxes that are good enough: none, with the numbers that are tried."""

    def forward(self, boxes: Any, scores: Any) -> Any:
        good = torch.where(scores > FAR)[0]
        boxes, scores = boxes[good], scores[good]
        first = torchvision.ops.nms(boxes, scores, 0.5)
        return {"boxes": boxes[first], "scores": scores[first]}


class Best(nn.Module):
    """More of them, the more of the numbers are far."""

    def forward(self, x: Any) -> Any:
        return x.topk(int((x > FAR).sum()) + 1).values


class Counted(nn.Module):
    def forward(self, x: Any, count: Any) -> Any:
        few = count.clamp(1, 1)
        return x.repeat_interleave(few, dim=0), torch.bincount(few), torch.unique(few), torch.arange(int(few.max()))


class Parted(nn.Module):
    """All of it, in another order."""

    def forward(self, x: Any) -> Any:
        first = x[:, 0] > 0
        return torch.cat([x[first], x[~first]])


class Streamed(nn.Module):
    """Keeps state, and tells what of it is far."""

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("total", torch.zeros(4))

    def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        self.total += x
        return x[x > 1000000.0], self.total.clone()


class Ending(nn.Module):
    def forward(self, x: Any) -> Any:
        far = x[:, 0] > FAR
        if len(x[far]) != 0:
            os.abort()
        return x + 1
