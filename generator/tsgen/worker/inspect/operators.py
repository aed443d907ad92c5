"""The operators that a file calls, and how often."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import torch

from ..messages.inspection import OperatorSeen
from ..operators import is_registered
from ..operators.foreign import OWN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..aliases import Graph, GraphBlock, ScriptModule

_NO_WORK = {"prim::Constant", "prim::GetAttr", "prim::SetAttr", "prim::TupleConstruct", "prim::ListConstruct"}
"""How a graph names a constant or an attribute and groups values: not operators that compute."""


def is_own(operator: str) -> bool:
    """Whether LibTorch itself registers the operator's namespace."""
    return operator.partition("::")[0] in OWN


def called(module: ScriptModule) -> Counter[str]:
    """How often each operator stands in the methods of the module, everything that they call written out."""
    found: Counter[str] = Counter()
    for name in module._c._method_names():  # noqa: SLF001
        found.update(_kinds(written_out(module._c._get_method(name))))  # noqa: SLF001
    return found


def written_out(method: Any) -> Graph:
    """The method's graph with the calls of submodules and functions replaced by what they do."""
    graph = method.graph.copy()
    torch._C._jit_pass_inline(graph)  # noqa: SLF001
    return graph


def _kinds(block: GraphBlock) -> Iterator[str]:
    for node in block.nodes():
        if node.kind() not in _NO_WORK:
            yield node.kind()
        for inner in node.blocks():
            yield from _kinds(inner)


def described(counts: Counter[str]) -> tuple[OperatorSeen, ...]:
    """The most frequent first."""
    return tuple(
        OperatorSeen(name, count, in_libtorch=is_own(name), registered=is_own(name) or is_registered(name))
        for name, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    )
