"""Inputs like those that tsgen chose, but others: other sizes, other values, lists of another length."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch

if TYPE_CHECKING:
    from .tree import Tree

SEED = 20_011
FALLBACK = 4


class Draw:
    """Draws leaves for a signature's inputs; `seen` are the leaves of each saved case."""

    def __init__(self, tree: Tree, seen: list[dict[str, Any]], seed: int) -> None:
        self.tree, self.seen = tree, seen
        self.generator = torch.Generator().manual_seed(seed)

    def leaves(self, sizes: dict[str, int]) -> dict[str, Any]:
        drawn: dict[str, Any] = {}
        for node in self.tree.roots():
            self._draw(node, node["name"], sizes, drawn)
        return drawn

    def _draw(self, node: dict[str, Any], name: str, sizes: dict[str, int], drawn: dict[str, Any]) -> None:
        kind = node.get("kind", "tensor")
        if kind in ("record", "tuple"):
            for child in self.tree.children(node["name"]):
                self._draw(child, f"{name}.{child['name'].rpartition('.')[2]}", sizes, drawn)
        elif kind == "list":
            (element,) = self.tree.children(node["name"])
            for index in range(self._length(name)):
                self._draw(element, f"{name}.{index}", _near(sizes, index), drawn)
        elif kind == "tensor":
            drawn[name] = self._tensor(node, self._alike(node), sizes)
        elif kind != "none":
            drawn[name] = self._number(kind, self._alike(node))

    def _alike(self, node: dict[str, Any]) -> list[Any]:
        pairs = [(name, value) for case in self.seen for name, value in case.items()]
        return [value for name, value in pairs if self.tree.pattern(name) == node["name"]]

    def _length(self, name: str) -> int:
        """One more than any list of the cases."""
        starts = [[leaf[len(name) + 1 :] for leaf in case if leaf.startswith(f"{name}.")] for case in self.seen]
        return max((len({rest.partition(".")[0] for rest in below}) for below in starts), default=1) + 1

    def _tensor(self, node: dict[str, Any], alike: list[Any], sizes: dict[str, int]) -> Any:
        shape = alike[0].shape if node["shape"] is None else [sizes.get(dim, dim) for dim in node["shape"]]
        dtype = alike[0].dtype
        if dtype.is_floating_point or dtype.is_complex:
            wide = dtype if dtype.is_complex or dtype == torch.float64 else torch.float32
            return (torch.randn(shape, dtype=wide, generator=self.generator) * 1.5).to(dtype)
        low, high = (
            int(
                getattr(
                    torch.stack(
                        [one.long().amin() if name == "min" else one.long().amax() for one in alike if one.numel()]
                    ),
                    name,
                )()
            )
            for name in ("min", "max")
        )
        return torch.randint(low, high + 1, shape, generator=self.generator).to(dtype)

    def _number(self, kind: str, alike: list[Any]) -> Any:
        """Not one of those seen, where another can be thought of."""
        if kind == "str":
            return alike[-1]
        if kind == "bool":
            return ~alike[-1]
        return max(one.item() for one in alike) + torch.ones((), dtype=alike[0].dtype) * (1 if kind == "int" else 0.375)


def _near(sizes: dict[str, int], index: int) -> dict[str, int]:
    """The elements of a list need not be of one size."""
    return {name: size + 8 * index for name, size in sizes.items()}


def other_sizes(tree: Tree, seen: list[dict[str, Any]], dims: dict[str, int]) -> dict[str, list[int]]:
    """For each dynamic dimension the sizes to try, likeliest first; none that a case has, if it can be helped."""
    used: dict[str, set[int]] = {name: set() for name in dims}
    for case in seen:
        for name, value in case.items():
            for dim, size in zip(tree.nodes[tree.pattern(name)].get("shape") or (), value.shape, strict=False):
                used.get(str(dim), set()).add(int(size))
    return {name: [size for size in _sizes(example) if size not in used[name]] for name, example in dims.items()}


def _sizes(example: int) -> list[int]:
    if example <= FALLBACK:
        return [5, 4, 6, 8, 7, 1]
    wanted = [example * 5 // 4, example + 32, example * 3 // 2, example * 3 // 4, example * 2, example + 1, example - 1]
    return [size for size in dict.fromkeys(wanted) if size > 1]
