"""The methods of a loaded file, as TorchScript declares them."""

from __future__ import annotations

from typing import Any


def methods(module: Any) -> list[dict[str, Any]]:
    """Forward first; then what was marked @torch.jit.export, or what forward calls of the module itself."""
    names = sorted(module._c._method_names(), key=lambda name: name != "forward")  # noqa: SLF001 - torch has no other way
    return [_method(module._c._get_method(name)) for name in names]  # noqa: SLF001


def _method(method: Any) -> dict[str, Any]:
    schema = method.schema
    arguments = [_argument(each) for each in schema.arguments[1:]]
    returns = [{"name": each.name, "type": each.type.annotation_str} for each in schema.returns]
    written = ", ".join(map(_written, arguments))
    gives = ", ".join(each["type"] for each in returns)
    return {
        "name": method.name,
        "schema": f"{method.name}({written}) -> {gives or 'None'}",
        "inputs": arguments,
        "outputs": returns,
    }


def _argument(argument: Any) -> dict[str, Any]:
    found = {"name": argument.name, "type": argument.type.annotation_str, "default": None}
    return {**found, "default": repr(argument.default_value)} if argument.has_default_value() else found


def _written(argument: dict[str, Any]) -> str:
    default = "" if argument["default"] is None else f" = {argument['default']}"
    return f"{argument['name']}: {argument['type']}{default}"
