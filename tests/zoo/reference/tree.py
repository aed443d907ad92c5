"""Values and their names, both ways: a nested value to named tensors, and named tensors to a nested value."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

import torch

Named = list[tuple[str, Any]]
_NUMBERS = {bool: torch.bool, int: torch.int64, float: torch.float64}


def flat(value: Any, path: tuple[str, ...] = ()) -> Named:
    """(name, tensor) in order; None has no leaf, a number is a 0-dim tensor, a text its bytes."""
    if value is None:
        return []
    if isinstance(value, torch.Tensor):
        return [(".".join(path), value)]
    if type(value) in _NUMBERS:
        return [(".".join(path), torch.tensor(value, dtype=_NUMBERS[type(value)]))]
    if isinstance(value, str):
        return [(".".join(path), torch.tensor(list(value.encode()), dtype=torch.uint8))]
    return [leaf for key, item in parts(value) for leaf in flat(item, (*path, key))]


def parts(value: Any) -> list[tuple[str, Any]]:
    if isinstance(value, Mapping):
        return [(str(key), item) for key, item in value.items()]
    if hasattr(value, "_fields"):
        return list(zip(value._fields, value, strict=True))
    if dataclasses.is_dataclass(value):
        return [(field.name, getattr(value, field.name)) for field in dataclasses.fields(value)]
    if isinstance(value, (list, tuple)):
        return [(str(index), item) for index, item in enumerate(value)]
    if type(value).__name__.endswith("Cache"):
        return _cache(value)
    raise TypeError(f"the zoo cannot take a {type(value).__name__} apart")


def _cache(value: Any) -> list[tuple[str, Any]]:
    """Of transformers: keys and values of each layer, in two halves where there are an encoder and a decoder."""
    if hasattr(value, "self_attention_cache"):
        return [("self_attention", value.self_attention_cache), ("cross_attention", value.cross_attention_cache)]
    return [(str(index), {"keys": layer.keys, "values": layer.values}) for index, layer in enumerate(value.layers)]


def numbers(value: Any) -> set[str]:
    """The names of the leaves that are Python's and no tensors: they may be constants of the signature."""
    if value is None or isinstance(value, torch.Tensor):
        return set()
    if isinstance(value, (bool, int, float, str)):
        return {""}
    found = ((key, name) for key, item in parts(value) for name in numbers(item))
    return {".".join(filter(None, pair)) for pair in found}


class Tree:
    """The nodes of one side of a signature."""

    def __init__(self, nodes: list[dict[str, Any]]) -> None:
        self.nodes = {node["name"]: node for node in nodes}

    def roots(self) -> list[dict[str, Any]]:
        return [node for name, node in self.nodes.items() if name.rpartition(".")[0] not in self.nodes]

    def children(self, name: str) -> list[dict[str, Any]]:
        return [node for other, node in self.nodes.items() if other.rpartition(".")[0] == name and other != name]

    def pattern(self, name: str) -> str:
        """The name in the signature of a concrete leaf: `images.3` is `images.*`."""
        known = ""
        for part in name.split("."):
            exact = f"{known}.{part}" if known else part
            known = exact if exact in self.nodes else f"{known}.*"
        return known

    def build(self, leaves: dict[str, Any]) -> dict[str, Any]:
        """The arguments by name. An absent leaf is None."""
        return {node["name"]: self._value(node, node["name"], leaves) for node in self.roots()}

    def _value(self, node: dict[str, Any], name: str, leaves: dict[str, Any]) -> Any:
        kind = node.get("kind", "tensor")
        if node.get("optional") and not any(leaf == name or leaf.startswith(f"{name}.") for leaf in leaves):
            return None
        if kind in ("record", "tuple"):
            below = {child["name"].rpartition(".")[2]: child for child in self.children(node["name"])}
            made = {key: self._value(child, f"{name}.{key}", leaves) for key, child in below.items()}
            return made if kind == "record" else tuple(made.values())
        if kind == "list":
            return self._list(node, name, leaves)
        return _leaf(kind, leaves.get(name))

    def _list(self, node: dict[str, Any], name: str, leaves: dict[str, Any]) -> list[Any]:
        (element,) = self.children(node["name"])
        below = [leaf[len(name) + 1 :] for leaf in leaves if leaf.startswith(f"{name}.")]
        count = len({rest.partition(".")[0] for rest in below})
        return [self._value(element, f"{name}.{index}", leaves) for index in range(count)]


def _leaf(kind: str, tensor: Any) -> Any:
    if tensor is None or kind == "tensor":
        return tensor
    if kind == "str":
        return bytes(tensor.tolist()).decode()
    return tensor.item()
