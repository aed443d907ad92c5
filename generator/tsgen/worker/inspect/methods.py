"""The methods of a file: as tsgen wrote them down, else as TorchScript declares them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..messages.inspection import MethodSeen, Value

if TYPE_CHECKING:
    from ..aliases import ScriptModule
    from .signed import Entry, Signed


def methods(module: ScriptModule | None, written: Signed | None) -> tuple[MethodSeen, ...]:
    """Forward first; then what was marked @torch.jit.export, or what forward calls of the model itself.

    What tsgen wrote about a method says more than its schema; a file that is not loaded has only that.
    """
    schemas = _schemas(module) if module is not None else {}
    entries = written.entries if written else {}
    return tuple(_method(name, schemas.get(name), entries.get(name)) for name in dict.fromkeys((*schemas, *entries)))


def _schemas(module: ScriptModule) -> dict[str, Any]:
    names = sorted(module._c._method_names(), key=lambda name: name != "forward")  # noqa: SLF001 - torch has no other way
    return {name: module._c._get_method(name).schema for name in names}  # noqa: SLF001


def _method(name: str, schema: Any, entry: Entry | None) -> MethodSeen:
    takes = tuple(map(_argument, schema.arguments[1:])) if schema else ()
    gives = tuple(Value(each.name, type=each.type.annotation_str) for each in schema.returns) if schema else ()
    told = _told(name, takes, gives) if schema else ""
    if entry is None:
        return MethodSeen(name, told, "schema", takes, gives)
    outputs = tuple(entry.outputs)
    return MethodSeen(
        name, told, "signature.tsgen", tuple(entry.inputs), outputs, entry.dims, entry.writes, entry.ranges
    )


def _argument(argument: Any) -> Value:
    default = repr(argument.default_value) if argument.has_default_value() else None
    return Value(argument.name, type=argument.type.annotation_str, default=default)


def _told(name: str, takes: tuple[Value, ...], gives: tuple[Value, ...]) -> str:
    written = ", ".join(map(_written, takes))
    return f"{name}({written}) -> {', '.join(each.type for each in gives) or 'None'}"


def _written(argument: Value) -> str:
    default = "" if argument.default is None else f" = {argument.default}"
    return f"{argument.name}: {argument.type}{default}"
