"""A method with inputs of its own, and a TorchScript module with a helper.

torch.jit.script reads annotations as they are here, so they are no strings.
"""

import torch
from keeping import OfTwo  # type: ignore[import-not-found]

__all__ = ["OfTwo"]


class _WithHelper(torch.nn.Module):
    memory: torch.Tensor

    def __init__(self) -> None:
        super().__init__()
        self.linear = torch.nn.Linear(4, 4)
        self.register_buffer("memory", torch.zeros(1, 4))

    def doubled(self, x: torch.Tensor) -> torch.Tensor:
        return x * 2

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        self.memory = torch.tanh(self.linear(self.doubled(x)) + 0.5 * self.memory)
        return self.memory

    @torch.jit.export
    def reset(self, batch: int = 1) -> None:
        self.memory = torch.zeros(batch, 4)


def scripted() -> torch.jit.ScriptModule:
    return torch.jit.script(_WithHelper())


def example_inputs() -> torch.Tensor:
    return torch.ones(1, 4)


def example_inputs_load() -> tuple[torch.Tensor, torch.Tensor]:
    return torch.ones(1, 2), torch.full((2, 4), 0.25)
