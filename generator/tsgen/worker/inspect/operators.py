"""The operators that a file calls, and which of them this torch does not have."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import torch

from ..foreign import OWN, foreign_operators

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_NO_WORK = {"prim::Constant", "prim::GetAttr", "prim::SetAttr", "prim::TupleConstruct", "prim::ListConstruct"}
"""How a graph names a constant or an attribute and groups values: not operators that compute."""


def is_own(operator: str) -> bool:
    """Whether LibTorch itself registers the operator's namespace."""
    return operator.partition("::")[0] in OWN


def missing(path: Path) -> list[str]:
    """Operators and classes of other libraries that the file's program names and this process does not have."""
    return [name for name in foreign_operators(path) if not registered(name) and not _is_class(name)]


def registered(operator: str) -> bool:
    return bool(torch._C._jit_get_schemas_for_operator(operator))  # noqa: SLF001 - torch has no other way to ask


def _is_class(name: str) -> bool:
    namespace, _, own = name.partition("::")
    try:
        torch._C._get_custom_class_python_wrapper(namespace, own)  # noqa: SLF001
    except RuntimeError:
        return False
    return True


def called(module: Any) -> Counter[str]:
    """How often each operator stands in the methods of the module, everything that they call written out."""
    found: Counter[str] = Counter()
    for name in module._c._method_names():  # noqa: SLF001
        found.update(_kinds(written_out(module._c._get_method(name))))  # noqa: SLF001
    return found


def written_out(method: Any) -> Any:
    """The method's graph with the calls of submodules and functions replaced by what they do."""
    graph = method.graph.copy()
    torch._C._jit_pass_inline(graph)  # noqa: SLF001
    return graph


def _kinds(block: Any) -> Iterator[str]:
    for node in block.nodes():
        if node.kind() not in _NO_WORK:
            yield node.kind()
        for inner in node.blocks():
            yield from _kinds(inner)


def described(counts: Counter[str]) -> list[dict[str, Any]]:
    """The most frequent first."""
    return [
        {"name": name, "count": count, "in_libtorch": is_own(name), "registered": is_own(name) or registered(name)}
        for name, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    ]
