"""Why code that builds a model fails on this machine: it wants a file, a GPU, the network, or more memory."""

from __future__ import annotations

import socket
import urllib.error
from dataclasses import dataclass

from . import torch_messages

GPU_HINT = (
    "build the model on the CPU: without .cuda() and device='cuda', files with map_location='cpu'; "
    "the C++ program takes it to the GPU (--device cuda)"
)
NETWORK_HINT = "fetch what it needs beforehand and read it from a file, or run this where there is a network"
FILE_HINT = (
    "paths are taken from the folder where tsgen was started; give it relative to the Python file "
    "(Path(__file__).parent), or as an argument of the factory: --model-arg path=..."
)
MEMORY_HINT = "give smaller sizes with --input, or use a machine with more memory"


def is_memory(error: BaseException) -> bool:
    """Whether memory ran out: where Python has a MemoryError, torch raises a RuntimeError."""
    named = any(sign in str(error) for sign in torch_messages.MEMORY)
    return isinstance(error, MemoryError) or (isinstance(error, RuntimeError) and named)


def is_network(error: BaseException) -> bool:
    """Also when a library has put its own error around it."""
    kinds = (urllib.error.URLError, socket.gaierror, ConnectionError, TimeoutError)
    return any(isinstance(cause, kinds) or torch_messages.NETWORK.search(str(cause)) for cause in _causes(error))


@dataclass(frozen=True)
class Need:
    """What code wants of this machine that it has not."""

    text: str
    hint: str


def need(error: BaseException) -> Need | None:
    if isinstance(error, FileNotFoundError) and error.filename:
        return Need(f"needs the file {error.filename!s}, which is not there", FILE_HINT)
    if isinstance(error, (RuntimeError, AssertionError, ValueError)) and torch_messages.GPU.search(str(error)):
        return Need("needs a GPU, and here torch has none", GPU_HINT)
    if isinstance(error, (OSError, RuntimeError)) and is_network(error):
        return Need("needs the network, which it cannot reach", NETWORK_HINT)
    return None


def _causes(error: BaseException) -> list[BaseException]:
    found: list[BaseException] = []
    current: BaseException | None = error
    while current is not None and current not in found:
        found.append(current)
        current = current.__cause__ or current.__context__
    return found
