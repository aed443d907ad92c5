"""Graphviz text: data flows along the arrows, a box around each submodule, branch and loop."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tsgen.drawing.flow import flows

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tsgen.drawing.flow import Flow, Followed
    from tsgen.worker.messages.inspection import MethodGraph

    Sources = dict[str, str]
    """The drawn node that gives each value."""

_HEAD = """\
  rankdir=TB;
  compound=true;
  node [shape=box, style="rounded,filled", fillcolor="#eef3fb", color="#5b7db1", fontname="Helvetica", fontsize=11];
  edge [color="#777777", fontname="Helvetica", fontsize=9];
  graph [fontname="Helvetica", fontsize=11, style=rounded, color="#999999"];
"""
_LOOP_HEAD = 2
"""A loop's first two arguments are its bound and its condition; the rest are carried from turn to turn."""


def dot(graphs: Sequence[MethodGraph], name: str) -> str:
    """A digraph with every method of the model itself."""
    writer = _Writer()
    for graph, flow in flows(graphs):
        writer.method(graph, flow)
    return f"digraph {_quoted(name)} {{\n{_HEAD}{''.join(writer.lines + writer.arrows)}}}\n"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


class _Writer:
    def __init__(self) -> None:
        self.lines: list[str] = []
        self.arrows: list[str] = []
        """Outside of all boxes: Graphviz puts a node into every box that an arrow of it stands in."""
        self._made = 0

    def method(self, graph: MethodGraph, flow: Flow) -> None:
        self._open(graph.method, 1)
        sources = {name: self._node(f"{name[1:]}\n{kind}", "ellipse", 2) for name, kind in graph.body.inputs}
        self._flow(flow, sources, 2)
        self._edges(graph.body.outputs, sources, self._node("output", "ellipse", 2))
        self._close(1)

    def _flow(self, flow: Flow, sources: Sources, depth: int) -> None:
        """Draw the steps; `sources` learns what they give."""
        for each in flow.steps:
            if each.inside:
                self._call(each, sources, depth)
            else:
                self._step(each, sources, depth)

    def _call(self, each: Followed, sources: Sources, depth: int) -> None:
        """A box with what the submodule does; the arrows go through its wall."""
        assert each.inside  # noqa: S101 - the caller asked
        block = each.inside.block
        given = [sources.get(value, "") for _, value in each.step.arguments]
        inner = {name: source for (name, _), source in zip(block.inputs, given, strict=False) if source}
        self._open(f"{each.step.label} ({each.called.class_name})" if each.called else each.step.label, depth)
        self._flow(each.inside, inner, depth + 1)
        self._close(depth)
        for (name, _), value in zip(each.step.outputs, block.outputs, strict=False):
            if value in inner:
                sources[name] = inner[value]

    def _step(self, each: Followed, sources: Sources, depth: int) -> None:
        me = self._node(_label(each), "diamond" if each.blocks else "box", depth)
        self._edges((value for _, value in each.step.arguments), sources, me)
        for flow in each.blocks:
            self._block(each, flow, sources, me, depth)
        sources.update((name, me) for name, _ in each.step.outputs)

    def _block(self, each: Followed, flow: Flow, sources: Sources, me: str, depth: int) -> None:
        """A branch or a loop's body sees all values around it; what it gives, the branch or loop itself gives on."""
        carried = [value for _, value in each.step.arguments][_LOOP_HEAD:]
        inner = dict(sources)
        inner.update((name, me) for name, _ in flow.block.inputs)
        inner.update(
            (name, sources[value])
            for (name, _), value in zip(flow.block.inputs[1:], carried, strict=False)
            if value in sources
        )
        self._open(_block_name(each, flow), depth)
        self._flow(flow, inner, depth + 1)
        self._close(depth)
        self._edges(flow.block.outputs, inner, me)

    def _edges(self, values: Iterable[str], sources: Sources, target: str) -> None:
        for value in values:
            source = sources.get(value)
            if source and source != target:
                self.arrows.append(f"  {source} -> {target} [tooltip={_quoted(value)}];\n")

    def _node(self, label: str, shape: str, depth: int) -> str:
        self._made += 1
        self._line(depth, f"n{self._made} [shape={shape}, label={_quoted(label)}];")
        return f"n{self._made}"

    def _open(self, label: str, depth: int) -> None:
        self._made += 1
        self._line(depth, f"subgraph cluster_{self._made} {{")
        self._line(depth + 1, f"label={_quoted(label)};")

    def _close(self, depth: int) -> None:
        self._line(depth, "}")

    def _line(self, depth: int, text: str) -> None:
        self.lines.append(f"{'  ' * depth}{text}\n")


def _label(each: Followed) -> str:
    """The step, and below it the arguments that are not drawn as arrows: its weights and numbers."""
    fixed = [f"{name}={value}" if name else value for name, value in each.step.arguments if not value.startswith("%")]
    fixed = [text for text in fixed if not text.endswith("=None")]
    return "\n".join([each.step.label, *fixed, *(["(not followed)"] if each.cut else [])])


def _block_name(each: Followed, flow: Flow) -> str:
    if each.step.operator != "prim::If":
        return each.step.label
    return "if true" if flow is each.blocks[0] else "if false"
