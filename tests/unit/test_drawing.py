"""Graphs as Graphviz text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from tsgen import drawing
from tsgen.drawing.flow import MOST, flows
from tsgen.worker.messages.inspection import Block, MethodGraph, Step

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import Tsgen


def step(label: str, gives: str, *values: str, **changes: Any) -> Step:
    words: dict[str, Any] = {
        "operator": f"aten::{label}",
        "arguments": tuple(("", value) for value in values),
        "outputs": ((gives, "Tensor"),),
        "source": "",
        "call": None,
        "blocks": (),
    }
    return Step(label=label, **{**words, **changes})


def call(module: str, gives: str, *values: str) -> Step:
    label = f"{module}.forward"
    return step(label, gives, *values, operator="prim::CallMethod", call=(module, "forward"))


def method(module: str, steps: tuple[Step, ...], gives: str, name: str = "forward") -> MethodGraph:
    body = Block(inputs=(("%x", "Tensor"),), steps=steps, outputs=(gives,))
    return MethodGraph(module=module, class_name=f"Class_{module or 'root'}", method=name, body=body)


INNER = method("fc", (step("linear", "%y", "%x", "self.weight"),), "%y")
OUTER = method("", (step("relu", "%a", "%x"), call("fc", "%b", "%a"), step("neg", "%c", "%b")), "%c")


def edges(text: str) -> set[tuple[str, str]]:
    """Pairs of labels; the first line of each."""
    labels = dict(re.findall(r'(n\d+) \[shape=\w+, label="([^"\\]*)', text))
    return {(labels[one], labels[other]) for one, other in re.findall(r"(n\d+) -> (n\d+)", text)}


def test_arrows_go_through_the_wall_of_a_submodule() -> None:
    text = drawing.dot((OUTER, INNER), "Net")
    assert edges(text) == {("x", "relu"), ("relu", "linear"), ("linear", "neg"), ("neg", "output")}
    assert 'label="fc.forward (Class_fc)"' in text
    assert "self.weight" in text


def test_arrows_stand_outside_of_all_boxes() -> None:
    """Graphviz puts a node into each box that an arrow of it stands in."""
    lines = drawing.dot((OUTER, INNER), "Net").splitlines()
    first = next(number for number, text in enumerate(lines) if " -> " in text)
    assert not [text for text in lines[first:] if "subgraph" in text or "label=" in text]


def test_a_branch_sees_what_is_around_it_and_gives_on_what_it_made() -> None:
    branches = tuple(
        Block(inputs=(), steps=(step(name, f"%{name}", "%x"),), outputs=(f"%{name}",)) for name in ("sin", "cos")
    )
    choice = step("If", "%r", "%x", operator="prim::If", blocks=branches)
    text = drawing.dot((method("", (choice,), "%r"),), "Net")
    assert {("x", "sin"), ("x", "cos"), ("sin", "If"), ("cos", "If"), ("If", "output")} <= edges(text)
    assert 'label="if true"' in text
    assert 'label="if false"' in text


def test_a_loop_carries_its_values_in() -> None:
    body = Block(inputs=(("%i", "int"), ("%h", "Tensor")), steps=(step("tanh", "%t", "%h"),), outputs=("%go", "%t"))
    loop = step("Loop", "%r", "3", "True", "%a", operator="prim::Loop", blocks=(body,))
    text = drawing.dot((method("", (step("relu", "%a", "%x"), loop), "%r"),), "Net")
    assert {("relu", "tanh"), ("tanh", "Loop"), ("Loop", "output")} <= edges(text)


def test_names_are_quoted() -> None:
    text = drawing.dot((method("", (step('say "hi" \\', "%a", "%x"),), "%a"),), 'a"b')
    assert 'digraph "a\\"b"' in text
    assert '"say \\"hi\\" \\\\"' in text


def test_a_drawing_has_an_end() -> None:
    """Each method calls the next one twice: 2^17 steps from eighteen methods."""
    chain = [method(str(n), (call(str(n + 1), "%a", "%x"), call(str(n + 1), "%b", "%a")), "%b") for n in range(1, 18)]
    root = method("", (call("1", "%a", "%x"),), "%a")
    graphs = (root, *chain, method("18", (step("relu", "%y", "%x"),), "%y"))
    assert 100 < drawing.dot(graphs, "Net").count("[shape=") < MOST


def test_a_call_that_is_not_followed_is_marked() -> None:
    graphs = (method("", (call("somewhere", "%a", "%x"),), "%a"),)
    assert "(not followed)" in drawing.dot(graphs, "Net")


def test_only_the_methods_of_the_model_itself_are_drawn() -> None:
    other = method("", (step("abs", "%y", "%x"),), "%y", name="encode")
    assert [graph.method for graph, _ in flows((OUTER, other, INNER))] == ["forward", "encode"]


def test_who_asks_for_the_former_page_is_told_what_there_is(tsgen: Tsgen, tmp_path: Path) -> None:
    page = tmp_path / "g.html"
    assert tsgen("inspect", "model.pt", "--graph-html", str(page)) == 2
    assert "--graph-dot" in tsgen.err
    assert "Netron" in tsgen.err
    assert not page.exists()
