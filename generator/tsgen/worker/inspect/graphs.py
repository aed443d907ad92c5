"""The graph of every method that is reached, as data: submodules' calls stay calls, so that they can be followed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .nodes import Reader
from .operators import written_out
from .tensors import class_of

if TYPE_CHECKING:
    from collections.abc import Iterable


def text(module: Any) -> list[dict[str, str]]:
    """As torch prints it, everything that a method calls written out."""
    names = module._c._method_names()  # noqa: SLF001
    return [{"method": name, "text": str(written_out(module._c._get_method(name))).rstrip("\n")} for name in names]  # noqa: SLF001


def graphs(module: Any) -> list[dict[str, Any]]:
    """First the methods of the module itself, then in the order of the calls; each method of each submodule once."""
    modules = dict(module.named_modules(remove_duplicate=False))
    wanted = [("", name) for name in module._c._method_names()]  # noqa: SLF001
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for path, name in wanted:  # grows while it is read
        if (path, name) in found or path not in modules:
            continue
        found[path, name] = _graph(path, name, modules[path])
        wanted.extend(_calls(found[path, name]["nodes"]))
    return list(found.values())


def _graph(path: str, name: str, module: Any) -> dict[str, Any]:
    graph = module._c._get_method(name).graph  # noqa: SLF001
    reader = Reader(graph, path)
    nodes = reader.nodes(graph)
    inputs = list(graph.inputs())[1:]
    return {
        "module": path,
        "class": class_of(module),
        "method": name,
        "inputs": [reader.value(each) for each in inputs],
        "nodes": nodes,
        "outputs": [reader.word(each) for each in graph.outputs()],
    }


def _calls(nodes: Iterable[dict[str, Any]]) -> list[tuple[str, str]]:
    found = []
    for node in nodes:
        if node["call"]:
            found.append((node["call"]["module"], node["call"]["method"]))
        for block in node["blocks"]:
            found += _calls(block["nodes"])
    return found
