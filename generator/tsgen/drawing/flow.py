"""The method of a model with the calls of its submodules followed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tsgen.worker.messages.inspection import Block, MethodGraph, Step

MOST = 20_000
"""Steps in one drawing. A method that is called twice is drawn twice, so a small file can mean a huge drawing."""


@dataclass(frozen=True, kw_only=True)
class Flow:
    """A block, or the body of a method."""

    block: Block
    steps: tuple[Followed, ...]


@dataclass(frozen=True, kw_only=True)
class Followed:
    step: Step
    called: MethodGraph | None
    """Of a call that was followed; its flow is then `inside`."""
    inside: Flow | None
    blocks: tuple[Flow, ...]

    @property
    def cut(self) -> bool:
        """A call that is not followed: the drawing is large enough, or the submodule is known only when it runs."""
        return self.step.operator == "prim::CallMethod" and self.inside is None


class Follower:
    def __init__(self, graphs: Iterable[MethodGraph], most: int = MOST) -> None:
        self._graphs = {(graph.module, graph.method): graph for graph in graphs}
        self._left = most

    def flow(self, block: Block) -> Flow:
        self._left -= len(block.steps)
        return Flow(block=block, steps=tuple(map(self._follow, block.steps)))

    def _follow(self, step: Step) -> Followed:
        called = self._graphs.get(step.call) if step.call and self._left > 0 else None
        return Followed(
            step=step,
            called=called,
            inside=self.flow(called.body) if called else None,
            blocks=tuple(map(self.flow, step.blocks)),
        )


def flows(graphs: Sequence[MethodGraph]) -> list[tuple[MethodGraph, Flow]]:
    """The methods of the model itself."""
    follower = Follower(graphs)
    return [(graph, follower.flow(graph.body)) for graph in graphs if not graph.module]
