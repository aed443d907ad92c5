"""The words of other people's errors and warnings that tell their kinds: nothing else in the worker is decided by text.

They were read in the sources that are named, and met in the errors themselves, with torch 2.14.1; the tests of the
worker meet them again in whatever torch it runs with. Where a frame of the traceback tells the kind, no word does.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

    from ..reasons import FrozenKind, ReasonKind

GPU = re.compile(
    r"NVIDIA driver|CUDA (?:error|GPU|driver)|no CUDA-capable|not compiled with (?:CUDA|ROCm|XPU|MPS)"
    r"|Cannot access accelerator|torch\.cuda\.is_available\(\) is False|MPS (?:backend|device) is not|no HIP GPUs",
    re.IGNORECASE,
)
"""torch/cuda/__init__.py (_lazy_init), torch/serialization.py (_validate_device), c10/cuda/CUDAFunctions.cpp."""
NETWORK = re.compile(
    r"name or service not known|name resolution|network is unreachable|connection (?:refused|reset|aborted|error)"
    r"|couldn't connect|failed to establish a new connection|max retries exceeded|offline mode|proxyerror"
    r"|cannot find the requested files in the (?:local cache|disk cache)|check your (?:internet )?connection",
    re.IGNORECASE,
)
"""The C library's, urllib3's, requests' and huggingface_hub's."""
MEMORY = ("can't allocate memory", "not enough memory", "Storage size calculation overflowed")
"""c10/core/impl/alloc_cpu.cpp and c10/core/Allocator: torch raises a RuntimeError."""
BROKEN_DOWNLOAD = "invalid hash value"
"""torch/hub.py (download_url_to_file)."""
REMOTE_CODE = ("remote code", "trust_remote_code")
"""transformers/dynamic_module_utils.py (resolve_trust_remote_code)."""
NOT_ONLY_TENSORS = ("Weights only load failed", "Unsupported")
"""torch/serialization.py (load) and torch/_weights_only_unpickler.py."""
IS_TORCHSCRIPT = "TorchScript"
"""torch/serialization.py (load): `use torch.jit.load instead`."""
LATER_TYPE = re.compile(r"Expected NoneType but got (?P<type>[^:(]*[^:( ])(?: \(inferred\))?:?(?P<line>.*)")
"""torch/csrc/jit/frontend/ir_emitter.cpp, and behind it the line that assigns."""
NEWER_FILE = re.compile(r"version (\d+), but the maximum supported version for reading is (\d+)")
"""caffe2/serialize/inline_container.cc."""
UNKNOWN_OPERATOR = re.compile(
    r"Unknown (?:builtin )?op: (\w+(?:::\w+)?(?:\.\w+)*)|object has no attribute '?(\w+::\w+)"
)
"""torch/csrc/jit/frontend/schema_matching.cpp and torch/csrc/jit/serialization/import_source.cpp."""
TORCHSCRIPT_TRACE = "Traceback of TorchScript"
"""torch/csrc/jit/runtime/interpreter.cpp: what was raised stands at its end."""
TWO_DEVICES = re.compile(r"at the same device|on the same device|on the expected device|at least two devices")
"""aten/src/ATen/native/RNN.cpp, c10's TensorIterator (compute_types) and torch/_prims_common: where operators ask."""

_FROZEN: dict[str, FrozenKind] = {
    "Python boolean": "branch",
    "Iterating over a tensor": "loop",
    "Python index": "index",
    "Python integer": "number",
    "Python float": "number",
    "Python number": "number",
    "NumPy array": "array",
    "Python list": "list",
    "torch.tensor results are registered as constants": "constant",
    "len": "length",
}
"""TracerWarnings: torch/csrc/autograd/python_variable_methods.cpp (jit::tracer::warn) and torch/_tensor.py."""
_UNTRACEABLE: dict[str, ReasonKind] = {
    r"Only Tensors and .* of Tensors can be traced": "untraceable_input",
    r"Tracer cannot infer type of ": "untraceable_output",
    r"is not in forward.. method's arguments": "keyword_only",
}
"""torch/csrc/jit/python/pybind_utils.h (both) and torch/jit/_trace.py (trace_module)."""
_UNCOMPILED: dict[str, ReasonKind] = {
    r"Unknown builtin op: aten::(?:enable|set)_grad\b": "gradient",
    r"Wrong type for attribute assignment. Expected NoneType": "untyped_state",
    r"(?:found type|but got|actual type|from) '[^']*Optional\[": "optional_state",
    r"'Optional\[.*\]' object (?:has no attribute or method|is not subscriptable)": "optional_state",
}
"""torch/csrc/jit/frontend/ir_emitter.cpp and schema_matching.cpp."""


_LEFT_TO_PYTHON = "is annotated to be ignored and cannot be run"
"""torch/csrc/jit/python/python_sugared_value.cpp: of @torch.jit.unused and @torch.jit.ignore(drop=True)."""


def frozen(warning: str) -> FrozenKind:
    """What a TracerWarning says that a trace took for a constant."""
    return next((kind for sign, kind in _FROZEN.items() if sign in warning), "value")


def why_untraced(error: BaseException) -> ReasonKind:
    return _by_frames(error) or _by_words(error, _UNTRACEABLE) or "not_traced"


def why_uncompiled(error: BaseException) -> ReasonKind:
    return _by_frames(error) or _by_words(error, _UNCOMPILED) or "not_compiled"


def why_raised(error: BaseException) -> ReasonKind:
    """What a saved file raised when it was run."""
    return "left_to_python" if _LEFT_TO_PYTHON in str(error) else "raises"


def is_differentiating(error: BaseException) -> bool:
    return any(_is_of(frame, file) for frame in _frames(error) for file in _AUTOGRAD)


def is_transform(file: str) -> bool:
    """Whether the code there is torch.func's."""
    return _FUNCTORCH in _plain(file)


OF_COMPILE = "torch._dynamo."
"""The modules of the class that torch.compile puts around a module."""
_FUNCTORCH = "/torch/_functorch/"
_DYNAMO = "/torch/_dynamo/"
_AUTOGRAD = ("/torch/autograd/__init__.py", "/torch/autograd/functional.py")
"""Where grad(), backward() and jacobian() are; custom Functions pass through another file."""
_JIT = "/torch/jit/"
_HOOKS = "get_hook_stubs"
"""Of torch/jit/_recursive.py: it compiles a module's hooks, and nothing else."""


def _by_frames(error: BaseException) -> ReasonKind | None:
    frames = list(_frames(error))
    # Once it is imported, dynamo stands around torch.jit.trace too: only what it raises itself is its own matter.
    if frames and _is_of(frames[-1], _DYNAMO):
        return "compiled"
    if any(_is_of(frame, _FUNCTORCH) for frame in frames):
        return "transform"
    if is_differentiating(error):
        return "gradient"
    return "hook" if any(_is_of(frame, _JIT) and frame.f_code.co_name == _HOOKS for frame in frames) else None


def _by_words(error: BaseException, signs: dict[str, ReasonKind]) -> ReasonKind | None:
    return next((kind for sign, kind in signs.items() if re.search(sign, str(error))), None)


def _frames(error: BaseException) -> Iterator[FrameType]:
    """The outermost first."""
    trace = error.__traceback__
    while trace is not None:
        yield trace.tb_frame
        trace = trace.tb_next


def _is_of(frame: FrameType, part: str) -> bool:
    return part in _plain(frame.f_code.co_filename)


def _plain(file: str) -> str:
    return file.replace("\\", "/")
