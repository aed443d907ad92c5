"""The tensors of a loaded file: one by one, and summed by submodule."""

from __future__ import annotations

from collections import Counter
from math import prod
from typing import TYPE_CHECKING, Any

from ..messages.inspection import Submodule, TensorSeen

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..aliases import ScriptModule, TorchTensor


def tensors(module: ScriptModule) -> tuple[TensorSeen, ...]:
    """Parameters and buffers by name. Two with the same `storage` share their bytes, such as tied weights."""
    found = [("parameter", *each) for each in module.named_parameters(remove_duplicate=False)]
    found += [("buffer", *each) for each in module.named_buffers(remove_duplicate=False)]
    numbers: dict[int, int] = {}
    return tuple(
        TensorSeen(
            name=name,
            kind=kind,
            dtype=str(tensor.dtype).replace("torch.", ""),
            shape=tuple(tensor.shape),
            bytes=tensor.numel() * tensor.element_size(),
            storage=numbers.setdefault(_storage(tensor), len(numbers)),
        )
        for kind, name, tensor in found
    )


def _storage(tensor: TorchTensor) -> int:
    # A meta tensor's data_ptr is always 0; its storage object is shared as that of a real one is.
    return int(tensor.untyped_storage()._cdata)  # noqa: SLF001


def submodules(module: ScriptModule, found: Iterable[TensorSeen]) -> tuple[Submodule, ...]:
    """Every submodule with what it and its own submodules hold; the module itself comes first, its name empty."""
    return tuple(
        Submodule(path, class_of(each), **held([one for one in found if _is_in(one.name, path)]))
        for path, each in module.named_modules(remove_duplicate=False)
    )


def class_of(module: ScriptModule) -> str:
    return str(getattr(module, "original_name", type(module).__name__))


def _is_in(name: str, path: str) -> bool:
    return not path or name.startswith(f"{path}.")


def held(found: Iterable[TensorSeen]) -> dict[str, Any]:
    once = list(_once(found))
    bytes_by_dtype: Counter[str] = Counter()
    for each in once:
        bytes_by_dtype[each.dtype] += each.bytes
    return {
        "parameters": _numbers(once, "parameter"),
        "buffers": _numbers(once, "buffer"),
        "bytes": sum(bytes_by_dtype.values()),
        "dtypes": dict(bytes_by_dtype),
    }


def _once(found: Iterable[TensorSeen]) -> Iterable[TensorSeen]:
    """Each storage once; of several views of one, the largest."""
    largest: dict[int, TensorSeen] = {}
    for each in found:
        known = largest.get(each.storage)
        if known is None or each.bytes > known.bytes:
            largest[each.storage] = each
    return largest.values()


def _numbers(found: Iterable[TensorSeen], kind: str) -> int:
    return sum(prod(each.shape) for each in found if each.kind == kind)
