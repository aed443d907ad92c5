"""Device constants of a graph, which become the device of what goes in.

A trace records the CPU that it ran on wherever Python asked for a device: `arange(n, device=x.device)`, the zeros that
an LSTM begins with. Moved to another device, such a program would mix two.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import torch

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..aliases import GraphBlock, GraphNode, ScriptModule

CPU = torch.device("cpu")
_CALLS = ("prim::CallMethod", "prim::CallFunction")
_ON_CPU = {
    "aten::_pack_padded_sequence": "lengths", "aten::_pad_packed_sequence": "batch_sizes", "aten::lstm": "batch_sizes",
    "aten::gru": "batch_sizes", "aten::rnn_tanh": "batch_sizes", "aten::rnn_relu": "batch_sizes",
    "aten::tensor_split": "tensor_indices_or_sections", "aten::index": "indices",
}  # fmt: skip
"""Arguments that must lie on the CPU wherever the rest is.

aten/src/ATen/native/PackedSequence.cpp, RNN.cpp and TensorShape.cpp, torch 2.14.1.
"""


_PACK, _INDEX = "aten::_pack_padded_sequence", "aten::index"
"""The first makes its sizes on the CPU, wherever the rest is."""


def follow_inputs(module: ScriptModule, methods: list[str]) -> None:
    """Rewrite the graphs of the methods and of the parts that they call, in place: on the CPU nothing changes.

    A part that takes no tensor and has none knows no device: then what calls it holds its code.
    """
    entries = [module._c._get_method(name).graph for name in methods]  # noqa: SLF001 - the live graph
    graphs = list(_graphs_of_parts(module))
    packs = _packs(entries)
    if not packs and any(_wanted(node) for _, graph in graphs for node in nodes_of(graph)):
        for part, graph in graphs:
            _rewrite(part, graph)
    for graph in entries:
        if packs or frozen_places(graph):
            torch._C._jit_pass_inline(graph)  # noqa: SLF001 - as the executor does before it runs a graph
            _rewrite(module._c, graph)  # noqa: SLF001


def frozen_places(graph: Any) -> list[GraphNode]:
    """The nodes, of the parts that it calls too, that stay on the CPU whatever goes in."""
    whole = graph.copy()
    torch._C._jit_pass_inline(whole)  # noqa: SLF001
    kept = _kept_on_cpu(whole)
    return [node for node in nodes_of(whole) if _wanted(node) and not kept & _outputs(node)]


def surely_follow(module: ScriptModule, methods: list[str]) -> bool:
    """Whether the graphs alone say that nothing but inputs and weights decides where the methods compute."""
    for name in methods:
        whole = module._c._get_method(name).graph.copy()  # noqa: SLF001
        torch._C._jit_pass_inline(whole)  # noqa: SLF001
        if any(_demanded(node) or _wanted(node) or not _of_torch(node) for node in nodes_of(whole)):
            return False
    return True


def _of_torch(node: GraphNode) -> bool:
    return str(node.kind()).partition("::")[0] in ("aten", "prim")


def nodes_of(block: GraphBlock) -> Iterator[Any]:
    for node in block.nodes():
        yield node
        for inner in node.blocks():
            yield from nodes_of(inner)


def _graphs_of_parts(module: ScriptModule) -> Iterator[tuple[Any, Any]]:
    """Each method's graph once; parts of one type share it."""
    seen = set()
    for part in module.modules():
        inner: Any = getattr(part, "_c", None)
        for name in inner._method_names() if inner is not None else ():  # noqa: SLF001
            key = (inner.qualified_name, name)
            if key not in seen:
                seen.add(key)
                yield inner, inner._get_method(name).graph  # noqa: SLF001


def _packs(entries: list[Any]) -> bool:
    """Whether something must stay on the CPU: where it comes from is seen only in one graph of all parts."""
    for graph in entries:
        whole = graph.copy()
        torch._C._jit_pass_inline(whole)  # noqa: SLF001
        if any(_demanded(node) for node in nodes_of(whole)):
            return True
    return False


def _bring_to_cpu(graph: Any) -> None:
    """What must lie there may come with the inputs: on the CPU, `cpu()` is the tensor itself."""
    for node in list(nodes_of(graph)):
        for value in _demanded(node):
            if node.kind() != _INDEX and value.node().kind() != "aten::cpu":
                made = graph.create("aten::cpu", [value], 1)
                made.insertBefore(node)
                node.replaceInputWith(value, made.output())


def _rewrite(part: Any, graph: Any) -> None:
    _bring_to_cpu(graph)
    kept = _kept_on_cpu(graph)
    wanted = [node for node in nodes_of(graph) if _wanted(node) and not kept & _outputs(node)]
    anchor = _anchor(part, graph) if wanted else None
    if anchor is None:
        return
    device = _device_of(graph, anchor)
    for node in wanted:
        if node.kind() == "aten::cpu":
            node.output().replaceAllUsesWith(node.inputsAt(0))
            node.destroy()
        else:
            for place in _device_inputs(node):
                node.replaceInput(place, device)


def _wanted(node: GraphNode) -> bool:
    """It makes something on the CPU, or takes it there, whatever the device of its inputs."""
    return node.kind() == "aten::cpu" or bool(_device_inputs(node))


def _device_inputs(node: GraphNode) -> list[int]:
    """Where it is told the CPU, or nothing although it makes a tensor out of none."""
    if node.kind() in _CALLS:
        return [place for place, value in enumerate(node.inputs()) if _is_cpu(value)]
    at, from_tensor = _argument(str(node.schema()))
    if at is None or at >= node.inputsSize():
        return []
    value = node.inputsAt(at)
    unsaid = not from_tensor and value.type().kind() == "NoneType"
    return [at] if unsaid or _is_cpu(value) else []


@cache
def _argument(schema: str) -> tuple[int | None, bool]:
    """The position of `device` in an operator's schema, and whether a tensor goes in, whose device None would mean."""
    if " device" not in schema or not schema.startswith("aten::"):
        return None, False
    arguments = torch._C.parse_schema(schema).arguments  # noqa: SLF001
    names = [argument.name for argument in arguments]
    from_tensor = any(argument.type.kind() == "TensorType" for argument in arguments)
    return names.index("device") if "device" in names else None, from_tensor


def _is_cpu(value: Any) -> bool:
    """A constant, or an attribute of the model, which is one too; its own value is not seen in the graph."""
    if value.type().kind() != "DeviceObjType":
        return False
    kind = value.node().kind()
    return bool(kind == "prim::GetAttr" or (kind == "prim::Constant" and value.toIValue() == CPU))


def _anchor(part: Any, graph: Any) -> Any:
    """A tensor that lies where the model runs: one of its own, or what goes in; None when there is none."""
    first, *inputs = list(graph.inputs())
    for table in (torch._C.ParameterDict, torch._C.BufferDict):  # noqa: SLF001
        for name, tensor in table(part).items():
            if tensor is not None:
                return _attribute(graph, first, name, torch._C.TensorType.get())  # noqa: SLF001
    given = next((value for value in inputs if value.type().kind() == "TensorType" and not _is_number(value)), None)
    return given if given is not None else _anchor_below(part, graph)


def _is_number(value: Any) -> bool:
    """A size, in a trace an int64 without dimensions: it stays on the CPU."""
    kind = value.type()
    return bool(kind.dim() == 0 and kind.scalarType() == "Long")


def _anchor_below(part: Any, graph: Any) -> Any:
    found = _path_to_tensor(part)
    value = next(iter(graph.inputs()))
    for inner, name in found:
        value = _attribute(graph, value, name, inner)
    return value if found else None


def _path_to_tensor(part: Any) -> list[tuple[Any, str]]:
    for name, child in torch._C.ModuleDict(part).items():  # noqa: SLF001
        for table in (torch._C.ParameterDict, torch._C.BufferDict):  # noqa: SLF001
            for inner, tensor in table(child).items():
                if tensor is not None:
                    return [(child._type(), name), (torch._C.TensorType.get(), inner)]  # noqa: SLF001
        below = _path_to_tensor(child)
        if below:
            return [(child._type(), name), *below]  # noqa: SLF001
    return []


def _attribute(graph: Any, holder: Any, name: str, kind: Any) -> Any:
    node = graph.create("prim::GetAttr", [holder], 1)
    node.s_("name", name)
    node.output().setType(kind)
    return _at_top(graph, node, holder)


def _device_of(graph: Any, anchor: Any) -> Any:
    node = graph.create("prim::device", [anchor], 1)
    node.output().setType(torch._C.DeviceObjType.get())  # noqa: SLF001
    return _at_top(graph, node, anchor)


def _at_top(graph: Any, node: GraphNode, after: Any) -> Any:
    """Behind what makes its input, at the beginning: nodes in blocks may use it."""
    if after.node().kind() == "prim::Param":
        graph.prependNode(node)
    else:
        node.insertAfter(after.node())
    return node.output()


# ---- What must stay ----


def _kept_on_cpu(graph: Any) -> set[str]:
    """The names of what goes, through whatever it is computed by, to an argument that must lie on the CPU."""
    kept: set[str] = set()
    wanted = [value for node in nodes_of(graph) for value in _demanded(node)]
    while wanted:
        value = wanted.pop()
        if value.debugName() in kept or value.type().kind() not in ("TensorType", "OptionalType"):
            continue
        kept.add(value.debugName())
        if not _wanted(value.node()):
            wanted += _sources(value)
    return kept


def _sources(value: Any) -> list[Any]:
    """What it is computed from; of a branch, what either side gives."""
    node = value.node()
    if node.kind() in ("prim::Param", _PACK):
        return []
    ends = [list(block.outputs()) for block in node.blocks()]
    if node.kind() == "prim::If":
        place = [one.debugName() for one in node.outputs()].index(value.debugName())
        return [outputs[place] for outputs in ends]
    return [*node.inputs(), *(one for outputs in ends for one in outputs)]


def _demanded(node: GraphNode) -> list[Any]:
    name = _ON_CPU.get(node.kind())
    if name is None:
        return []
    if node.kind() == _INDEX:
        return [value for value in node.inputsAt(1).node().inputs() if _only_indexes(value)]
    names = [argument.name for argument in torch._C.parse_schema(str(node.schema())).arguments]  # noqa: SLF001
    return [node.inputsAt(names.index(name))] if name in names else []


def _only_indexes(value: Any) -> bool:
    """Something that was taken to the CPU for that: there it indexes the tensors of every device."""
    taken = value.node().kind() in ("aten::to", "aten::cpu")
    return taken and all(use.user.kind() == "prim::ListConstruct" for use in value.uses())


def _outputs(node: GraphNode) -> set[str]:
    return {value.debugName() for value in node.outputs()}
