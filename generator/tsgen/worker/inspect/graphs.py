"""The graph of every method that is reached, as data: submodules' calls stay calls, so that they can be followed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..messages.inspection import Block, GraphText, MethodGraph
from .nodes import Reader
from .operators import written_out
from .tensors import class_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..aliases import ScriptModule


def text(module: ScriptModule) -> tuple[GraphText, ...]:
    """The graph of each method as torch prints it, everything that it calls written out."""
    names = module._c._method_names()  # noqa: SLF001
    return tuple(GraphText(name, str(written_out(module._c._get_method(name))).rstrip("\n")) for name in names)  # noqa: SLF001


def graphs(module: ScriptModule) -> tuple[MethodGraph, ...]:
    """First the methods of the module itself, then in the order of the calls; each method of each submodule once."""
    modules = dict(module.named_modules(remove_duplicate=False))
    wanted = [("", name) for name in module._c._method_names()]  # noqa: SLF001
    found: dict[tuple[str, str], MethodGraph] = {}
    for path, name in wanted:  # grows while it is read
        if (path, name) in found or path not in modules:
            continue
        found[path, name] = _graph(path, name, modules[path])
        wanted.extend(_calls(found[path, name].body))
    return tuple(found.values())


def _graph(path: str, name: str, module: ScriptModule) -> MethodGraph:
    graph = module._c._get_method(name).graph  # noqa: SLF001
    return MethodGraph(path, class_of(module), name, Reader(graph, path).body(graph))


def _calls(block: Block) -> Iterator[tuple[str, str]]:
    for step in block.steps:
        if step.call:
            yield step.call
        for inner in step.blocks:
            yield from _calls(inner)
