"""The exported file with its operators watched: a call keeps a copy of what each gives, in the order in which they run.

The copies are kept in two lists of the module itself, so that the entry keeps its types, branches and loops are
followed as they are taken, and the program needs nothing new: a further method hands the lists out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch

from ..messages.bisection import Spot
from ..values.dtypes import known
from ..values.npy import DESCRIPTIONS
from . import places

if TYPE_CHECKING:
    from collections.abc import Collection

    from ..aliases import Graph, GraphBlock, GraphNode, GraphValue, ScriptModule

METHOD = "tsgen_watched"
_VALUES, _NUMBERS = "tsgen_watched_values", "tsgen_watched_numbers"
DTYPES = tuple(DESCRIPTIONS)
"""What is kept is handed out in a list for each dtype: a signature has one dtype for all elements of a list."""
_EACH = ", ".join(f"found[{number}]" for number in range(len(DTYPES)))
_SOURCE = f"""
def {METHOD}(self) -> Tuple[Tensor, {", ".join(["List[Tensor]"] * len(DTYPES))}]:
    dtypes = [{", ".join(f"torch.{dtype}" for dtype in DTYPES)}]
    found: List[List[Tensor]] = []
    for _ in dtypes:
        empty: List[Tensor] = []
        found.append(empty)
    kinds: List[int] = []
    for each in self.{_VALUES}:
        if each.is_quantized:
            each = each.dequantize()
        if each.is_sparse or each.is_mkldnn:
            each = each.to_dense()
        kinds.append(dtypes.index(each.dtype))
        found[kinds[-1]].append(each)
    return torch.tensor([self.{_NUMBERS}, kinds], dtype=torch.long), {_EACH}
"""
_OF_TORCHSCRIPT = "prim::"
_COMPUTING = ("prim::ListUnpack", "prim::NumToTensor")
"""Those that give a result; what the others give is some operator's, or nothing yet (prim::Uninitialized)."""


def unsaveable(module: ScriptModule) -> set[int]:
    """The numbers of operators that gave, in the last call, a dtype that no program of ours has."""
    core = module._c  # noqa: SLF001
    kept = zip(core.getattr(_NUMBERS), core.getattr(_VALUES))
    return {number for number, value in kept if not value.is_quantized and known(value.dtype) is None}


def watch(module: ScriptModule, entry: str, leaving_out: Collection[int] = ()) -> list[Spot]:
    """Change the loaded module so that a call of `entry` is watched; the numbers it keeps are places in the answer."""
    # The bindings of torch/csrc/jit/python/script_init.cpp, torch 2.14.1.
    core = module._c  # noqa: SLF001 - torch has no public way to change the graph of a method
    tensors, numbers = torch._C.ListType(torch._C.TensorType.get()), torch._C.ListType(torch._C.IntType.get())  # noqa: SLF001
    core._register_attribute(_VALUES, tensors, [])  # noqa: SLF001
    core._register_attribute(_NUMBERS, numbers, [])  # noqa: SLF001
    graph = core._get_method(entry).graph  # noqa: SLF001
    torch._C._jit_pass_inline(graph)  # noqa: SLF001
    watcher = _Watcher(graph, leaving_out)
    watcher.watch(graph)
    watcher.begin(tensors, numbers)
    kind = torch._C.ConcreteModuleType.from_jit_type(core._type())  # noqa: SLF001
    core._define(kind, _SOURCE, {"Tensor": torch.Tensor, "torch": torch}.get)  # noqa: SLF001
    return watcher.operators


class _Watcher:
    def __init__(self, graph: Graph, leaving_out: Collection[int]) -> None:
        self.operators: list[Spot] = []
        self._graph = graph
        self._leaving_out = leaving_out
        self._model = next(graph.inputs())
        self._lists = [graph.create("prim::GetAttr", [self._model], 1) for _ in range(2)]

    def begin(self, *types: Any) -> None:
        """Both lists are fetched, and emptied of what an earlier call left there."""
        for get, name, kind in zip(self._lists, (_VALUES, _NUMBERS), types):
            get.s_("name", name)
            get.output().setType(kind)
            self._graph.prependNode(get)
            self._graph.create("aten::clear", [get.output()], 0).insertAfter(get)

    def watch(self, block: GraphBlock) -> None:
        for node in list(block.nodes()):
            for inner in node.blocks():
                self.watch(inner)
            if not node.kind().startswith(_OF_TORCHSCRIPT) or node.kind() in _COMPUTING:
                self._keep(node, [value for value in node.outputs() if _is_kept(value, node)])

    def _keep(self, node: GraphNode, values: list[Any]) -> None:
        after = node
        for value in values:
            number = len(self.operators)
            self.operators.append(Spot(_name(node), places.of_node(node), _module(node)))
            if number not in self._leaving_out:
                after = self._keep_one(after, value, number)

    def _keep_one(self, after: Any, value: GraphValue, number: int) -> Any:
        """A copy, since a later operator may change the value in place."""
        values, numbers = (get.output() for get in self._lists)
        nothing = self._insert(after, "prim::Constant", [])
        nothing.output().setType(torch._C.NoneType.get())  # noqa: SLF001
        copy = self._insert(nothing, "aten::clone", [value, nothing.output()])
        kept = self._insert(copy, "aten::append", [values, copy.output()])
        which = self._insert(kept, "prim::Constant", [])
        which.i_("value", number)
        which.output().setType(torch._C.IntType.get())  # noqa: SLF001
        return self._insert(which, "aten::append", [numbers, which.output()])

    def _insert(self, after: Any, kind: str, inputs: list[Any]) -> Any:
        node = self._graph.create(kind, inputs, 1)
        if inputs:
            node.output().setType(inputs[0].type())
        node.insertAfter(after)
        return node


def _is_kept(value: GraphValue, node: GraphNode) -> bool:
    """One of several outputs that nobody uses may be undefined, and could not be copied."""
    return value.type().kind() == "TensorType" and (node.outputsSize() == 1 or bool(value.uses()))


def _name(node: GraphNode) -> str:
    """The name of the operator whose list of tensors is taken apart."""
    return str(node.input().node().kind() if node.kind() == "prim::ListUnpack" else node.kind())


def _module(node: GraphNode) -> str:
    """`layer1.0.conv1` out of torch's `layer1(Sequential).0(Block).conv1(Conv2d)`."""
    path = str(node.getModuleHierarchy())
    return ".".join(part.partition("(")[0] for part in path.split(".") if part.partition("(")[0] not in {"", "SELF"})
