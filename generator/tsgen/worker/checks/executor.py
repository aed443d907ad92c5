"""Whether TorchScript's executor computes later calls as it computed the first one.

It runs the first call by the graph as it stands, to learn of the types, and every later one by an optimised graph:
fused where it can, on guesses whose failure leads to yet another graph (profiling_graph_executor_impl.cpp in
torch/csrc/jit/runtime, torch 2.14.1). On a CPU, without gradients, that is mostly the first one again.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import torch

from ..calls.forward import is_script

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..aliases import Graph, ScriptModule

_PROFILE = "prim::profile"
"""Hands on what it is given."""
_HIDING = re.compile(r" = prim::(CallFunction|CallMethod|fork|awaitable)|^with prim::", re.MULTILINE)
"""What they run has an executor, or a graph, of its own."""
_HOOKS = ("_forward_pre_hooks", "_forward_hooks")
"""Each a program of its own, which Python calls beside forward."""
_VALUE = re.compile(r"%([\w.]+)")
_MADE = re.compile(r"%([\w.]+) :")


class Runs:
    """Of one program, told of each of its calls when it has returned."""

    def __init__(self, program: ScriptModule) -> None:
        self._seen = is_script(program) and not any(getattr(program, kind, None) for kind in _HOOKS)
        self._first: Any = None

    def ran(self) -> None:
        """The graph is held, and read only when it is compared."""
        if self._seen and self._first is None:
            self._first = _executed()

    def are_alike(self) -> bool:
        """Whether the last call took the same steps as the first, by the graph that is in use from the second on."""
        last = _executed()
        if self._first is None or last is None:
            return False
        text = last.str(print_source_ranges=False)
        return _PROFILE not in text and not _HIDING.search(text) and _steps(self._first) == _steps(last)


def _executed() -> Graph | None:
    """The graph that this thread executed last; None where it has none, or a torch does not tell."""
    ask = getattr(torch._C, "_last_executed_optimized_graph", None)  # noqa: SLF001 - torch.jit's own raises for none
    return ask() if ask is not None else None


def _steps(graph: Graph) -> list[Any]:
    """What a graph does, in order: operators, what they are told, and the values that they take.

    A constant is what it says, wherever it stands; any other value has the number of its making.
    """
    return list(_Reader(graph).steps())


class _Reader:
    def __init__(self, graph: Graph) -> None:
        self._text = graph.str(print_source_ranges=False)
        self._tensors = _constant_tensors(graph)
        self._names: dict[str, str] = {}
        self._made = 0

    def steps(self) -> Iterator[str]:
        for line in self._text.splitlines():
            made, assigns, done = line.partition(" = ")
            if not assigns:  # the inputs or the outputs of a graph, or of a block
                self._number(line)
                yield " ".join(map(self._name, _VALUE.findall(line)))
            elif done.startswith("prim::Constant"):
                name = _MADE.findall(made)[0]
                self._names[name] = f"{self._tensors.get(name) or made.partition(' : ')[2]} {done}"
            elif done.startswith(_PROFILE):
                self._names.update(zip(_MADE.findall(made), map(self._name, _VALUE.findall(done))))
            else:
                yield _VALUE.sub(lambda found: self._name(found[1]), done)
                self._number(made)

    def _number(self, text: str) -> None:
        for name in _MADE.findall(text):
            self._made += 1
            self._names[name] = f"%{self._made}"

    def _name(self, name: str) -> str:
        return self._names.get(name, f"%{name}")


def _constant_tensors(graph: Graph) -> dict[str, int]:
    """By their names, where they lie in memory: a copy of a graph has the same ones."""
    nodes = [node for node in graph.findAllNodes("prim::Constant") if node.hasAttribute("value")]
    held = [node for node in nodes if node.kindOf("value") == "t"]
    return {node.output().debugName(): node.t("value").data_ptr() for node in held}
