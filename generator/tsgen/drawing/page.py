"""One HTML file that shows a graph: no script, no network; a submodule opens where it is called."""

from __future__ import annotations

from functools import cache
from importlib.resources import files as package_files
from typing import TYPE_CHECKING

from tsgen.drawing.flow import count, flows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jinja2 import Template

    from tsgen.types.graphs import MethodGraph


def page(graphs: Sequence[MethodGraph], title: str, facts: Sequence[tuple[str, str]]) -> str:
    """`facts` are shown above the methods, each a word and what it says."""
    methods = [(graph, flow, count(flow)) for graph, flow in flows(graphs)]
    return _template().render(title=title, facts=facts, methods=methods)


@cache
def _template() -> Template:
    from jinja2 import Environment, StrictUndefined  # noqa: PLC0415 - only this option of one command needs it

    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    text = (package_files("tsgen.drawing") / "page.html.j2").read_text(encoding="utf-8")
    return environment.from_string(text)
