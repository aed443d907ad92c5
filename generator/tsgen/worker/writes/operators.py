"""What one operator does to memory: what its declaration says, and what torch's own declarations leave out.

An operator of another library is taken at its word, as torch takes it; what it writes unsaid is seen when it runs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import declarations, rules

if TYPE_CHECKING:
    from ..aliases import GraphNode, GraphValue
    from .declarations import Declaration, Declared
    from .program import Reader

_MAY_RETURN_ITS_ARGUMENT = frozenset({
    "dropout", "alpha_dropout", "feature_dropout", "feature_alpha_dropout", "type_as", "to_dense", "dequantize",
    "data", "lift", "sum_to_size", "atleast_1d", "atleast_2d", "atleast_3d", "broadcast_tensors", "meshgrid",
    "einsum", "chain_matmul", "cartesian_prod", "conj_physical", "unsafe_chunk", "unsafe_split",
    "unsafe_split_with_sizes", "flatten_dense_tensors", "unflatten_dense_tensors", "_reshape_from_tensor",
    "histogramdd", "pixel_shuffle", "pixel_unshuffle", "channel_shuffle", "_cast_Byte", "_cast_Char", "_cast_Double",
    "_cast_Float", "_cast_Half", "_cast_Int", "_cast_Long", "_cast_Short",
})  # fmt: skip
"""Operators of aten that may return an argument, or a view of it, though their schema says no more than `-> Tensor`.

They are composite and have nothing to do in some cases, as dropout outside of training or einsum("i->i"): their schemas
in aten/src/ATen/native/native_functions.yaml, torch 2.14.1, and what such calls gave.
"""
_STATISTICS = {
    "batch_norm": "training",
    "native_batch_norm": "training",
    "cudnn_batch_norm": "training",
    "miopen_batch_norm": "training",
    "_batch_norm_impl_index": "training",
    "instance_norm": "use_input_stats",
}
"""They write running_mean and running_var unless this argument is False.

A schema cannot say `(a!)?`, so torch too knows them by name: AliasDb::analyzeBatchNorm and analyzeInstanceNorm in
torch/csrc/jit/ir/alias_analysis.cpp, torch 2.14.1.
"""
_OF_AUTOGRAD = frozenset({"detach_", "requires_grad_"})
"""They write (`(a!)` in native_functions.yaml), but nothing that a call without gradients could see."""
_SHARING = frozenset({"set_", "set_data"})
"""From then on the first argument is the memory of the second."""
_UNDECLARED = declarations.Declared("", "...")


def operator(reader: Reader, node: GraphNode) -> None:
    """Rules for it, added to the reader's."""
    declaration = declarations.read(node.schema())
    name = node.kind().partition("::")[2] if node.kind().startswith("aten::") else ""
    given = _given(reader, node, declaration)
    if name not in _OF_AUTOGRAD:
        _write(reader, given)
    if name in _SHARING:
        keys = [key for _, key in given]
        reader.add(rules.write_group(keys[0], keys[1:]))
    if name in _STATISTICS:
        _statistics(reader, node, declaration, _STATISTICS[name])
    for value, result in _results(node, declaration):
        if not reader.is_simple(value):
            _result(reader, value, result, given, views=name in _MAY_RETURN_ITS_ARGUMENT)


def _given(reader: Reader, node: GraphNode, declaration: Declaration | None) -> list[tuple[Declared, str]]:
    """What is memory among the arguments."""
    values = list(node.inputs())
    declared = list(declaration.arguments) if declaration else []
    declared += [_UNDECLARED] * (len(values) - len(declared))
    return [(each, reader.key(value)) for each, value in zip(declared, values) if reader.is_memory(value)]


def _results(node: GraphNode, declaration: Declaration | None) -> list[tuple[Any, Declared]]:
    values = list(node.outputs())
    declared = list(declaration.results) if declaration else []
    return list(zip(values, declared if len(declared) == len(values) else [_UNDECLARED] * len(values)))


def _write(reader: Reader, given: list[tuple[Declared, str]]) -> None:
    for each, key in given:
        if each.writes and each.is_tensor:
            reader.add(rules.write_tensor(key))
        elif each.writes and each.elements:
            reader.add(rules.write_elements(key))
        elif each.writes:
            reader.add(rules.write_group(key, [other for _, other in given if other != key]))


def _statistics(reader: Reader, node: GraphNode, declaration: Declaration | None, flag: str) -> None:
    values = dict(zip([each.name for each in declaration.arguments] if declaration else [], node.inputs()))
    if flag in values and reader.known(values[flag]) is False:
        return
    for name in ("running_mean", "running_var"):
        if name in values and reader.is_memory(values[name]):
            reader.add(rules.write_tensor(reader.key(values[name])))


def _result(
    reader: Reader, value: GraphValue, result: Declared, given: list[tuple[Declared, str]], *, views: bool
) -> None:
    keys, target = [key for _, key in given], reader.key(value)
    made = None if result.is_tensor or _is_open(result) else reader.made(value)
    if result.type == "...":
        reader.add(rules.derive(keys, keys, target, None))
        reader.add(rules.derive(keys, keys, target, reader.made(value)))
    elif result.sets - {"*"}:
        same = [key for each, key in given if each.sets & result.sets and not each.elements]
        within = [key for each, key in given if each.sets & result.sets and each.elements]
        reader.add(rules.derive(same, within, target, made if result.elements else None))
    elif result.sets or views or not result.is_tensor:
        reader.add(rules.derive([], keys, target, made))


def _is_open(result: Declared) -> bool:
    """A type that is the argument's own: `t`, `Any`."""
    return result.type.rstrip("?") in ("t", "tVal", "Any")
