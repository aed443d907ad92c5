"""The model as a program of torch.export, with the dimensions that the signature has as dynamic ones."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Optional

import torch

from ..candidates.exported import NotExportableError
from ..reasons import Reason
from ..users_code.failures import format_error

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ..messages import Dim
    from .lifted import Held
    from .wrapper import Wrapped

Range = tuple[int, Optional[int]]
"""The least and the largest size of a dimension; None: any."""
_OURS = frozenset({"aten", "prims", "prim", "higher_order", "_c10d_functional"})
"""The namespaces of operators that Inductor knows."""
_LARGEST = 2**40
"""A bound beyond it is torch's word for none."""
_BLAMED = re.compile(r"^\s*- ((?:You marked|Not all values of).*?)(?: If you're using .*)?$", re.MULTILINE)
"""A line of torch's about one dimension, before its advice about words that are not used here."""


_SUGGESTION = re.compile(r"(?P<name>\w+) = Dim\('(?P=name)'(, min=(?P<least>\d+))?(, max=(?P<most>\d+))?\)")
ROUNDS = 4
_ANY: Range = (0, None)


class ExportError(NotExportableError):
    """torch.export makes no program; `dims`: the dimensions that it says are to blame."""

    def __init__(self, text: str, dims: frozenset[str]) -> None:
        super().__init__(Reason("not_traced", text, stage="unmade", speaker="making"))
        self.dims = dims


@dataclass(frozen=True)
class Program:
    """`exported` is torch's own; `ranges` are those of its dynamic dimensions that not every size fits."""

    exported: Any
    ranges: dict[str, Range]
    changes: tuple[str, ...]
    """The inputs that a call changes in place, by path."""
    writes: tuple[str, ...]
    """The buffers that a call writes, by their paths in the model: none, where all are held."""
    held: tuple[Held, ...] = ()
    """What goes in first and comes out last."""


def made(wrapped: Wrapped, shapes: Sequence[tuple[Dim, ...]], *, strict: bool) -> Program:
    """`shapes`: the sizes and names of dimensions of each tensor that goes in. Raises ExportError."""
    free = {name: _ANY for shape in shapes for name in shape if isinstance(name, str)}
    return _within(free, wrapped, shapes, ROUNDS, strict=strict)


def _within(
    limits: dict[str, Range], wrapped: Wrapped, shapes: Sequence[tuple[Dim, ...]], rounds: int, *, strict: bool
) -> Program:
    """In the ranges of `limits`, or the narrower ones that torch wants then."""
    try:
        return _program(wrapped, shapes, limits, strict=strict)
    except Exception as error:
        wanted = {**limits, **_suggested(str(error))}
        if not rounds or wanted == limits:
            raise _failed(error, limits) from error
    return _within(wanted, wrapped, shapes, rounds - 1, strict=strict)


def _program(wrapped: Wrapped, shapes: Sequence[tuple[Dim, ...]], limits: dict[str, Range], *, strict: bool) -> Program:
    dims = {name: torch.export.Dim(name, min=least, max=most) for name, (least, most) in limits.items()}
    dynamic = tuple({axis: dims[dim] for axis, dim in enumerate(shape) if isinstance(dim, str)} for shape in shapes)
    with torch.no_grad():
        exported = torch.export.export(wrapped.module, wrapped.tensors, dynamic_shapes=(dynamic,), strict=strict)
        # What is written, torch says only of a program without operations in place.
        functional = exported.run_decompositions({})
    signature = functional.graph_signature
    order = [spec.arg.name for spec in signature.input_specs if spec.kind.name == "USER_INPUT"]
    changed = {order.index(name) for name in signature.user_inputs_to_mutate.values()}
    return Program(
        exported,
        _ranges(functional, shapes, order),
        tuple(path for index, path in enumerate(wrapped.takes, start=len(wrapped.held)) if index in changed),
        tuple(path.partition("model.")[2] for path in signature.buffers_to_mutate.values()),
        wrapped.held,
    )


def _suggested(text: str) -> dict[str, Range]:
    """The ranges that torch would have, as far as that is all that it would have."""
    fixes = text.partition("Suggested fixes:")[2].strip().partition("\n\n")[0].splitlines()
    found = [_SUGGESTION.fullmatch(line.strip()) for line in fixes]
    if not all(found):
        return {}
    return {one["name"]: (int(one["least"] or 0), int(one["most"]) if one["most"] else None) for one in found if one}


def _failed(error: Exception, dims: Iterable[str]) -> ExportError:
    blamed = _BLAMED.findall(str(error))
    named = {name for name in dims for line in blamed if re.search(rf"\b{re.escape(name)}\b", line)}
    return ExportError(f"failed: {blamed[0] if blamed else format_error(error)}", frozenset(named))


def foreign(program: Program) -> list[str]:
    """The operators that it calls and torch does not have, `my::op`."""
    graphs = [part.graph for part in program.exported.graph_module.modules() if hasattr(part, "graph")]
    targets = {node.target for graph in graphs for node in graph.nodes if node.op == "call_function"}
    names = {str(target.name()).partition(".")[0] for target in targets if isinstance(target, torch._ops.OpOverload)}  # noqa: SLF001 - no public name
    return sorted(name for name in names if name.partition("::")[0] not in _OURS)


def _ranges(exported: Any, shapes: Sequence[tuple[Dim, ...]], order: list[str]) -> dict[str, Range]:
    """Of the symbols that stand for the named dimensions."""
    values = {node.name: node.meta["val"] for node in exported.graph.nodes if node.op == "placeholder"}
    found: dict[str, Range] = {}
    for name, shape in zip(order, shapes):
        for dim, size in zip(shape, values[name].shape):
            if isinstance(dim, str) and isinstance(size, torch.SymInt):
                found[dim] = _bounds(exported.range_constraints[size.node.expr])
    return {dim: limits for dim, limits in found.items() if limits != _ANY}


def _bounds(limits: Any) -> Range:
    least, largest = limits.lower, limits.upper
    return max(int(least), 0), None if not _is_number(largest) or int(largest) > _LARGEST else int(largest)


def _is_number(bound: Any) -> bool:
    return bool(getattr(bound, "is_Integer", False)) or isinstance(bound, int)
