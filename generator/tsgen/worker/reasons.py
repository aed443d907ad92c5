"""Why code that builds a model fails on this machine: it wants a file, a GPU, the network, or more memory."""

from __future__ import annotations

import re
import socket
import urllib.error

_GPU = re.compile(
    r"NVIDIA driver|CUDA (?:error|GPU|driver)|no CUDA-capable|not compiled with (?:CUDA|ROCm|XPU|MPS)"
    r"|Cannot access accelerator|torch\.cuda\.is_available\(\) is False|MPS (?:backend|device) is not|no HIP GPUs",
    re.IGNORECASE,
)
_NETWORK = re.compile(
    r"name or service not known|name resolution|network is unreachable|connection (?:refused|reset|aborted|error)"
    r"|couldn't connect|failed to establish a new connection|max retries exceeded|offline mode|proxyerror"
    r"|cannot find the requested files in the (?:local cache|disk cache)|check your (?:internet )?connection",
    re.IGNORECASE,
)
_MEMORY = ("can't allocate memory", "not enough memory", "Storage size calculation overflowed")

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
    """Where Python has a MemoryError, torch raises a RuntimeError."""
    named = any(sign in str(error) for sign in _MEMORY)
    return isinstance(error, MemoryError) or (isinstance(error, RuntimeError) and named)


def is_network(error: BaseException) -> bool:
    """Also when a library has put its own error around it."""
    kinds = (urllib.error.URLError, socket.gaierror, ConnectionError, TimeoutError)
    return any(isinstance(cause, kinds) or _NETWORK.search(str(cause)) for cause in _causes(error))


def reason(error: BaseException) -> tuple[str, str]:
    """(what the code wants, hint); two empty strings when it is none of these."""
    if isinstance(error, FileNotFoundError) and error.filename:
        return f"needs the file {error.filename!s}, which is not there", FILE_HINT
    if isinstance(error, (RuntimeError, AssertionError, ValueError)) and _GPU.search(str(error)):
        return "needs a GPU, and here torch has none", GPU_HINT
    if isinstance(error, (OSError, RuntimeError)) and is_network(error):
        return "needs the network, which it cannot reach", NETWORK_HINT
    return "", ""


def _causes(error: BaseException) -> list[BaseException]:
    found: list[BaseException] = []
    current: BaseException | None = error
    while current is not None and current not in found:
        found.append(current)
        current = current.__cause__ or current.__context__
    return found
