"""Every operator that runs, seen from Python."""

from __future__ import annotations

from torch.utils._python_dispatch import TorchDispatchMode


class OperatorMode(TorchDispatchMode):  # type: ignore[misc] # torch is Any here
    """A dispatch mode that brings no compiler: to keep its own from it, torch 2.14 imports it, for three seconds."""

    @classmethod
    def _should_skip_dynamo(cls) -> bool:
        return False
