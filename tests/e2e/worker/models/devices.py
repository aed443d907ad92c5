"""Models that make tensors on the CPU they are exported on, and some that stay there."""

from __future__ import annotations

import torch
from torch import nn
from torch.nn.utils import rnn


class PlainLstm(nn.Module):
    """torch makes the zeros that it begins with."""

    def __init__(self) -> None:
        super().__init__()
        self.lstm = nn.LSTM(4, 4, batch_first=True)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.lstm(x)[0]


class Baked(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.lstm = nn.GRU(4, 4, batch_first=True)
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y, _ = self.lstm(x)
        pos = torch.arange(x.shape[1], device=x.device)
        return y + pos.view(1, -1, 1) + torch.zeros(1, 1, 4, device=self.device) + 1


class Constants(nn.Module):
    """Tensors in the code, which no .to() reaches, and one of a single number in a list."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        centred = (x - torch.tensor([0.1, 0.2, 0.3, 0.4])) / torch.tensor(2.0)
        return torch.cat([centred, torch.stack([x.sum(), torch.tensor(3.0)]).repeat(x.shape[0], 1)], 1)


class _Positions(nn.Module):
    def forward(self, n: int) -> torch.Tensor:
        return torch.arange(n).float().unsqueeze(1)


class Scripted(nn.Module):
    """A branch, a part that is given no tensor and has none, and tensors in a list."""

    def __init__(self) -> None:
        super().__init__()
        self.positions = _Positions()
        self.layer = nn.Linear(4, 4)
        self.table = [torch.ones(4), torch.zeros(4)]

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if x.sum() > 0:
            x = x * 2
        if x.device == torch.device("cpu"):
            x = x + 1
        return (self.layer(x) + self.positions(x.size(1)) + self.table[0]).to("cpu") + x.cpu() + torch.full((4,), 0.5)


class Packed(nn.Module):
    """The lengths must lie on the CPU, whatever the rest does."""

    def __init__(self) -> None:
        super().__init__()
        self.lstm = nn.LSTM(4, 4, batch_first=True)

    def forward(self, x: torch.Tensor, mask: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        lengths = mask.long().sum(1).clamp(min=1).cpu()
        packed = rnn.pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False)
        padded, counts = rnn.pad_packed_sequence(self.lstm(packed)[0], batch_first=True, total_length=x.shape[1])
        return padded, counts


class GivenLengths(nn.Module):
    """They come with the inputs, and go where those go."""

    def __init__(self) -> None:
        super().__init__()
        self.lstm = nn.LSTM(4, 4, batch_first=True)

    def forward(self, x: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
        packed = rnn.pack_padded_sequence(x, lengths.clamp(1, 5), batch_first=True, enforce_sorted=False)
        return rnn.pad_packed_sequence(self.lstm(packed)[0], batch_first=True, total_length=x.shape[1])[0]


def quantized() -> nn.Module:
    return torch.ao.quantization.quantize_dynamic(nn.Sequential(nn.Linear(4, 4)), {nn.Linear})


class Unknown(nn.Module):
    """An operator that the meta device does not have, and places that must lie on the CPU."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.tensor_split(torch.unique(x), torch.tensor([3]))[0] + 1


class Distinct(nn.Module):
    """The same operator, where nothing names a device."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.unique(x) + 1
