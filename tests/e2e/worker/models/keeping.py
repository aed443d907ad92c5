"""Models that remember: what the same input again shows, what it does not, and methods that forget."""

from __future__ import annotations

from collections import deque
from typing import Any, Optional

import torch
from torch import nn


class Peak(nn.Module):
    """A running peak that begins above what examples reach."""

    peak: torch.Tensor

    def __init__(self) -> None:
        super().__init__()
        self.linear = nn.Linear(4, 4)
        self.register_buffer("peak", torch.tensor(50.0))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        self.peak = torch.maximum(self.peak, x.abs().max())
        return self.linear(x / self.peak)


class PeakInPlace(Peak):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        self.peak.copy_(torch.maximum(self.peak, x.abs().max()))
        return self.linear(x / self.peak)


class Seldom(nn.Module):
    """Only a token that no example draws changes the memory."""

    bias: torch.Tensor

    def __init__(self) -> None:
        super().__init__()
        self.emb = nn.Embedding(5000, 4)
        self.register_buffer("bias", torch.zeros(4))

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        self.bias.copy_(torch.where((ids == 4242).any(), torch.ones(4), self.bias))
        return self.emb(ids).mean(1) + self.bias


class PythonPeak(nn.Module):
    """The same in a Python number, and only a large input changes it."""

    def __init__(self) -> None:
        super().__init__()
        self.linear = nn.Linear(4, 4)
        self.peak = 60.0

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        largest = float(x.abs().max())
        self.peak = max(self.peak, largest)
        return self.linear(x) / self.peak


class Cached(nn.Module):
    """Keys are kept by position, as decoders do."""

    keys: torch.Tensor

    def __init__(self) -> None:
        super().__init__()
        self.emb = nn.Embedding(50, 4)
        self.register_buffer("keys", torch.zeros(16, 4))

    def forward(self, ids: torch.Tensor, at: torch.Tensor) -> torch.Tensor:
        self.keys[at] = self.emb(ids)
        seen = torch.arange(16)[None, :] <= at[:, None]
        return seen.to(self.keys.dtype) @ self.keys


class CachedByNumber(nn.Module):
    keys: torch.Tensor

    def __init__(self) -> None:
        super().__init__()
        self.linear = nn.Linear(4, 4)
        self.register_buffer("keys", torch.zeros(16, 4))

    def forward(self, x: torch.Tensor, at: int) -> torch.Tensor:
        self.keys[at] = self.linear(x)
        return self.keys[: at + 1].mean(0)


class Listed(nn.Module):
    """Nothing in the source says what the list holds."""

    def __init__(self) -> None:
        super().__init__()
        self.linear = nn.Linear(4, 4)
        self.cache = []  # type: ignore[var-annotated]

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        self.cache.append(self.linear(x))
        return torch.cat(self.cache, 0).mean(0)


class InPythonThatNoScriptTakes(nn.Module):
    memory: torch.Tensor

    def __init__(self) -> None:
        super().__init__()
        self.linear = nn.Linear(4, 4)
        self.register_buffer("memory", torch.zeros(1, 4))

    def forward(self, x: torch.Tensor, **options: float) -> torch.Tensor:
        limits = {"min": -1.0, **options}
        self.memory.mul_(0.5).add_(torch.clamp(self.linear(x), **limits))
        return x + self.memory


class Hidden(nn.Module):
    """None before its first call, and no annotation."""

    def __init__(self) -> None:
        super().__init__()
        self.gru = nn.GRU(4, 3, batch_first=True)
        self.hidden: Any = None

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y, self.hidden = self.gru(x, self.hidden)
        return y


class Outside(nn.Module):
    """It counts in what is no attribute."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        _CALLS["n"] += 1
        return x * _CALLS["n"]


_CALLS = {"n": 0}


class Alternating(nn.Module):
    """Of three calls with one input, the first and the third are alike."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        _CALLS["n"] += 1
        return x * (1 + _CALLS["n"] % 2)


class Frames(nn.Module):
    """A deque is nothing that TorchScript has."""

    def __init__(self) -> None:
        super().__init__()
        self.linear = nn.Linear(4, 4)
        self.frames: Any = deque(maxlen=3)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        self.frames.append(x)
        return self.linear(sum(self.frames))


class Featured(nn.Module):
    """Its hook holds on to this very model, so a copy is another one; and it keeps nothing that an answer shows."""

    def __init__(self) -> None:
        super().__init__()
        self.first, self.second = nn.Linear(4, 4), nn.Linear(4, 4)
        self.features: list[torch.Tensor] = []
        self.first.register_forward_hook(lambda _module, _given, answer: self.features.append(answer))

    def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        self.features.clear()
        return self.second(self.first(x)), self.features[0]


class Statistics(nn.Module):
    """A ring of numbers for a log: written at each call, and never read."""

    ring: torch.Tensor

    def __init__(self) -> None:
        super().__init__()
        self.linear = nn.Linear(4, 4)
        self.register_buffer("ring", torch.zeros(8))
        self.register_buffer("at", torch.zeros(1, dtype=torch.long))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        self.ring[self.at] = x.mean()
        self.at.add_(1).remainder_(8)
        return self.linear(x)


class WrittenUncounted(nn.Module):
    """`.data` is written without a word to torch's own count."""

    pad: torch.Tensor

    def __init__(self) -> None:
        super().__init__()
        self.linear = nn.Linear(4, 4)
        self.register_buffer("pad", torch.zeros(32, 4))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        self.pad.data[: x.shape[0]] = self.pad.data[: x.shape[0]] * 0.5 + x
        return self.linear(self.pad[: x.shape[0]])


class Stream(nn.Module):
    memory: torch.Tensor

    def __init__(self) -> None:
        super().__init__()
        self.linear = nn.Linear(4, 4)
        self.register_buffer("memory", torch.zeros(1, 4))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        self.memory = torch.tanh(self.linear(x) + 0.5 * self.memory)
        return self.memory


class Resettable(Stream):
    @torch.jit.export
    def reset(self) -> None:
        self.memory = torch.zeros(1, 4)


class Answering(Stream):
    @torch.jit.export
    def reset(self) -> torch.Tensor:
        self.memory = torch.zeros(1, 4)
        return self.memory


class WithDefaults(Stream):
    @torch.jit.export
    def reset(self, batch: int = 1, value: float = 0.5, start: Optional[torch.Tensor] = None) -> None:
        self.memory = torch.full([batch, 4], value) if start is None else start


class Prompted(nn.Module):
    """Forward alone changes nothing."""

    context: torch.Tensor

    def __init__(self) -> None:
        super().__init__()
        self.linear = nn.Linear(4, 4)
        self.register_buffer("context", torch.zeros(1, 4))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.linear(x) + self.context

    @torch.jit.export
    def prompt(self, x: torch.Tensor) -> None:
        self.context = self.linear(x).mean(0, keepdim=True)


class PromptedTraceOnly(Prompted):
    """No script takes it, so no export has both."""

    def forward(self, x: torch.Tensor, **limits: float) -> torch.Tensor:
        return torch.clamp(self.linear(x) + self.context, **{"min": 0.0, **limits})


class Saved(Stream):
    @torch.jit.export
    def saved(self) -> torch.Tensor:
        return self.memory

    @torch.jit.export
    def restore(self, memory: torch.Tensor) -> None:
        self.memory = memory


class OneThatDoesNotCompile(Resettable):
    @torch.jit.export
    def clamped(self) -> torch.Tensor:
        limits = {"min": 0.0}
        return torch.clamp(self.memory, **limits)


class Unmarked(Stream):
    def _zeros(self) -> torch.Tensor:
        return torch.zeros(1, 4)

    def reset(self) -> None:
        self.memory = self._zeros()


class OfTwo(Stream):
    """Its method takes what forward does not."""

    @torch.jit.export
    def load(self, left: torch.Tensor, right: torch.Tensor) -> None:
        self.memory = left @ right
