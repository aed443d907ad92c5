"""The steps of a TorchScript method as rules of a heap: what each makes, hands on, stores and writes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable, ClassVar

import torch

from ..values.trees import join
from . import calls, folding, rules
from .folding import UNKNOWN
from .heap import CONSTANT, MADE, STATE, Place
from .operators import operator

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..aliases import Graph, GraphBlock, GraphNode, GraphValue, ScriptModule
    from .heap import Rule

CONSTANTS = "CONSTANTS"
"""What the file's code calls the tensors in it."""
_SIMPLE = frozenset({
    "IntType", "FloatType", "BoolType", "StringType", "NoneType", "NumberType", "ComplexType", "DeviceObjType",
    "LayoutType", "ScalarTypeType", "MemoryFormatType", "FunctionType", "GeneratorType", "StreamObjType",
    "SymIntType", "SymBoolType", "QSchemeType",
})  # fmt: skip
"""Kinds of values that are no memory: those of C10_FORALL_TYPES (ATen/core/jit_type_base.h, torch 2.14.1) without a
tensor in them. A kind that a later torch brings counts as memory, which is the safe side.
"""


class Program:
    """`module`: the loaded model. `assigned`: the names of all attributes that any of its code assigns."""

    def __init__(self, module: ScriptModule) -> None:
        self.module = module
        self.assigned = frozenset(_assigned_in(_graphs(module)))
        self.rules: list[Rule] = []
        self._graphs = 0

    def enter(self, graph: Graph) -> Reader:
        self._graphs += 1
        inlined = graph.copy()
        torch._C._jit_pass_inline(inlined)  # noqa: SLF001 - `inlined_graph` is forward's alone
        return Reader(self, inlined, str(self._graphs))

    def at(self, path: str) -> Any:
        """A submodule, or what else lies at a path; raises AttributeError."""
        found = self.module
        for name in path.split(".") if path else ():
            found = getattr(found, name)
        return found

    def module_at(self, path: str) -> ScriptModule:
        """None when something else lies there."""
        try:
            found = self.at(path)
        except Exception:  # noqa: BLE001 - what Python cannot show is no module
            return None
        return found if isinstance(found, torch.jit.ScriptModule) else None


def _graphs(module: ScriptModule) -> list[Any]:
    """The graphs of every method of every submodule."""
    parts = [part._c for part in module.modules()]  # noqa: SLF001
    return [part._get_method(name).graph for part in parts for name in part._method_names()]  # noqa: SLF001


def _assigned_in(blocks: Iterable[Any]) -> set[str]:
    found: set[str] = set()
    for block in blocks:
        for node in block.nodes():
            if node.kind() == "prim::SetAttr":
                found.add(node.s("name"))
            inner = [node.g("Subgraph")] if node.hasAttribute("Subgraph") else []
            found |= _assigned_in([*node.blocks(), *inner])
    return found


class Reader:
    """One graph, with every call inlined that can be."""

    def __init__(self, program: Program, graph: Graph, label: str) -> None:
        self.program = program
        self.graph = graph
        self._label = label
        self._known: dict[str, Any] = {}
        self._modules: dict[str, str] = {}
        """The submodules among the values, by their paths."""

    def read(self) -> None:
        self._block(self.graph)

    def bind_module(self, value: GraphValue, path: str) -> None:
        self._modules[value.debugName()] = path
        self.add(rules.point(self.key(value), Place(STATE, path)))

    def add(self, rule: Rule) -> None:
        self.program.rules.append(rule)

    def key(self, value: GraphValue) -> str:
        return f"{self._label}:{value.debugName()}"

    def keys(self, values: Iterable[Any]) -> list[str]:
        return [self.key(value) for value in values]

    def known(self, value: GraphValue) -> Any:
        return self._known.get(value.debugName(), UNKNOWN)

    def made(self, value: GraphValue) -> Place:
        return Place(MADE, self.key(value))

    def is_simple(self, value: GraphValue) -> bool:
        """Whether a new value is no memory; a list of numbers that was stored before is memory all the same."""
        kind = value.type()
        return (kind.getElementType() if kind.kind() == "ListType" else kind).kind() in _SIMPLE

    def is_memory(self, value: GraphValue) -> bool:
        return value.type().kind() not in _SIMPLE and self.known(value) is not None

    def _flow(self, sources: Iterable[Any], target: Any) -> None:
        self.add(rules.flow(self.keys(filter(self.is_memory, sources)), self.key(target)))

    def _block(self, block: GraphBlock) -> None:
        for node in block.nodes():
            step = self._STEPS.get(node.kind())
            step(self, node) if step else self._operator(node)

    def _operator(self, node: GraphNode) -> None:
        outputs = list(node.outputs())
        if len(outputs) == 1:
            known = [self.known(value) for value in node.inputs()]
            self._known[outputs[0].debugName()] = folding.of_operator(node.kind(), known)
        operator(self, node)

    def _constant(self, node: GraphNode) -> None:
        value = node.output()
        self._known[value.debugName()] = folding.of_constant(value)
        if self.is_memory(value):
            self.add(rules.point(self.key(value), Place(CONSTANT, CONSTANTS)))

    def _get(self, node: GraphNode) -> None:
        holder, name, value = node.input(), node.s("name"), node.output()
        path = self._modules.get(holder.debugName())
        if path is not None and self.program.module_at(join(path, name)) is not None:
            self._modules[value.debugName()] = join(path, name)
        elif path is not None and name not in self.program.assigned:
            self._known[value.debugName()] = folding.of_attribute(self.program.module_at(path), name)
        if self.is_memory(value):
            self.add(rules.get_attribute(self.key(holder), name, self.key(value)))

    def _set(self, node: GraphNode) -> None:
        holder, value = self.keys(node.inputs())
        self.add(rules.set_attribute(holder, node.s("name"), value))

    def _if(self, node: GraphNode) -> None:
        """Read the branches that may be taken: in another one a model that is training writes its statistics."""
        taken, known = list(node.blocks()), self.known(node.input())
        if isinstance(known, (bool, int)):
            taken = [taken[0 if known else 1]]
        for block in taken:
            self._block(block)
        for number, value in enumerate(node.outputs()):
            ends = [list(block.outputs())[number] for block in taken]
            self._flow(ends, value)
            if len(ends) == 1:
                self._known[value.debugName()] = self.known(ends[0])

    def _loop(self, node: GraphNode) -> None:
        body = next(iter(node.blocks()))
        before, inside = list(node.inputs())[2:], list(body.inputs())[1:]
        after = list(body.outputs())[1:]
        for start, inner, end, value in zip(before, inside, after, node.outputs()):
            self._flow([start, end], inner)
            self._flow([start, end], value)
        self._block(body)

    def _group(self, node: GraphNode) -> None:
        """A new list, dict or object; of a tuple it is known which element is which."""
        place, value = self.made(node.output()), node.output()
        self.add(rules.point(self.key(value), place))
        for number, part in enumerate(node.inputs()):
            if self.is_memory(part):
                field = number if node.kind() == "prim::TupleConstruct" else None
                self.add(rules.hold(place, field, self.key(part)))

    def _unpack(self, node: GraphNode) -> None:
        for number, value in enumerate(node.outputs()):
            self.add(rules.read(self.key(node.input()), number, self.key(value)))

    def _index(self, node: GraphNode) -> None:
        group, number = node.inputs()
        known = self.known(number)
        field = known if type(known) is int and known >= 0 else None
        self.add(rules.read(self.key(group), field, self.key(node.output())))

    def _fork(self, node: GraphNode) -> None:
        inner = self.program.enter(node.g("Subgraph"))
        for given, taken in zip(node.inputs(), inner.graph.inputs()):
            self.add(rules.flow([self.key(given)], inner.key(taken)))
            if given.debugName() in self._modules:
                inner.bind_module(taken, self._modules[given.debugName()])
        inner.read()
        place = self.made(node.output())
        self.add(rules.point(self.key(node.output()), place))
        for end in inner.graph.outputs():
            self.add(rules.hold(place, None, inner.key(end)))

    def _call(self, node: GraphNode) -> None:
        name = node.s("name") if node.hasAttribute("name") else ""
        self.add(calls.call(self.program, name, self.keys(node.inputs()), self.keys(node.outputs())))

    def _enter(self, node: GraphNode) -> None:
        name = {"prim::Enter": "__enter__", "prim::Exit": "__exit__"}[node.kind()]
        self.add(calls.call(self.program, name, self.keys(node.inputs()), self.keys(node.outputs())))

    def _container(self, node: GraphNode) -> None:
        """A ModuleList or ModuleDict at an index that is not known before."""
        holder = next(iter(node.inputs()))
        self.add(calls.children(self.program, self.key(holder), self.key(node.output())))

    def _unknown(self, node: GraphNode) -> None:
        """Every function that can be called is inlined; this one was not."""
        self.add(rules.anything(self.keys(node.inputs()), self.keys(node.outputs())))

    _STEPS: ClassVar[dict[str, Callable[[Reader, Any], None]]] = {
        "prim::Constant": _constant,
        "prim::GetAttr": _get,
        "prim::SetAttr": _set,
        "prim::If": _if,
        "prim::Loop": _loop,
        "prim::ListConstruct": _group,
        "prim::DictConstruct": _group,
        "prim::TupleConstruct": _group,
        "prim::CreateObject": _group,
        "prim::TupleUnpack": _unpack,
        "prim::TupleIndex": _index,
        "prim::fork": _fork,
        "prim::CallMethod": _call,
        "prim::CallFunction": _unknown,
        "prim::Enter": _enter,
        "prim::Exit": _enter,
        "prim::ModuleContainerIndex": _container,
    }
