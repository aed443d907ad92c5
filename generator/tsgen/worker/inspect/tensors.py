"""The tensors of a loaded file: one by one, and summed by submodule."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


def tensors(module: Any) -> list[dict[str, Any]]:
    """Parameters and buffers by name. Two with the same `storage` share their bytes, such as tied weights."""
    found = [("parameter", *each) for each in module.named_parameters(remove_duplicate=False)]
    found += [("buffer", *each) for each in module.named_buffers(remove_duplicate=False)]
    numbers: dict[int, int] = {}
    return [
        {
            "name": name,
            "kind": kind,
            "dtype": str(tensor.dtype).replace("torch.", ""),
            "shape": list(tensor.shape),
            "bytes": tensor.numel() * tensor.element_size(),
            "storage": numbers.setdefault(_storage(tensor), len(numbers)),
        }
        for kind, name, tensor in found
    ]


def _storage(tensor: Any) -> int:
    # A meta tensor's data_ptr is always 0; its storage object is shared as that of a real one is.
    return int(tensor.untyped_storage()._cdata)  # noqa: SLF001


def submodules(module: Any, found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Every submodule with what it and its own submodules hold; the module itself comes first, its name empty."""
    return [
        {"name": path, "class": class_of(each), **_held([one for one in found if _is_in(one["name"], path)])}
        for path, each in module.named_modules(remove_duplicate=False)
    ]


def class_of(module: Any) -> str:
    return str(getattr(module, "original_name", type(module).__name__))


def _is_in(name: str, path: str) -> bool:
    return not path or name.startswith(f"{path}.")


def _held(found: list[dict[str, Any]]) -> dict[str, Any]:
    once = list(_once(found))
    bytes_by_dtype: Counter[str] = Counter()
    for each in once:
        bytes_by_dtype[each["dtype"]] += each["bytes"]
    return {
        "parameters": _numbers(once, "parameter"),
        "buffers": _numbers(once, "buffer"),
        "bytes": sum(bytes_by_dtype.values()),
        "dtypes": dict(bytes_by_dtype),
    }


def _once(found: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Each storage once; of several views of one, the largest."""
    largest: dict[int, dict[str, Any]] = {}
    for each in found:
        known = largest.get(each["storage"])
        if known is None or each["bytes"] > known["bytes"]:
            largest[each["storage"]] = each
    return iter(largest.values())


def _numbers(found: list[dict[str, Any]], kind: str) -> int:
    total = 0
    for each in found:
        count = 1
        for size in each["shape"]:
            count *= size
        total += count if each["kind"] == kind else 0
    return total
