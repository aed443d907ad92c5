"""What AOTInductor is not offered for yet, each by its name."""

from __future__ import annotations

import platform
import sys
from typing import TYPE_CHECKING

import torch

from ..messages import AOTINDUCTOR_FLOOR, Problem
from ..reference.gradients import are_on
from . import program
from .inductor import HINT

if TYPE_CHECKING:
    from collections.abc import Collection

    from ..aliases import Model
    from ..messages import ExportRequest, Node, Signature
    from .program import Program


def refuse(request: ExportRequest, model: Model, described: Signature, settings: Collection[tuple[str, str]]) -> None:
    """What is known before anything is exported; `settings`: of the process, by the model's code. Raises Problem."""
    floor = ".".join(map(str, AOTINDUCTOR_FLOOR))
    if _version() < AOTINDUCTOR_FLOOR:
        raise Problem(
            "unsupported",
            f"--runtime aotinductor needs torch {floor} or newer, this is {torch.__version__}",
            "export with a newer torch (--python), or with --runtime torchscript",
        )
    if request.packaged and (sys.platform, platform.machine()) != ("linux", "x86_64"):
        raise Problem(
            "unsupported",
            f"--packaged is for linux-x86_64 so far, this is {sys.platform} on {platform.machine()}",
            "leave it out: then the model is C++ that is compiled anywhere",
        )
    script = ["it is TorchScript already"] if isinstance(model, torch.jit.ScriptModule) else []
    gradients = ["its forward differentiates"] if are_on() else []
    switches = [f"its code sets {name} for the whole process" for name, _ in settings]
    for what in (*script, *gradients, *switches, *_of_values(described)):
        raise _refused(request.label, what)


def refuse_program(label: str, made: Program) -> None:
    """Raises Problem."""
    if made.writes:
        raise _refused(label, f"it writes its buffer {made.writes[0]} when it is called")
    if operators := program.foreign(made):
        raise _refused(label, f"it calls {operators[0]}, which is no operator of torch's")


def _of_values(described: Signature) -> list[str]:
    sides = {"input": described.inputs, "output": described.outputs}
    return [
        f"its {side} {node.name or 'output'} {why}"
        for side, nodes in sides.items()
        for node in nodes
        for why in _odd(side, node)
    ]


def _odd(side: str, node: Node) -> list[str]:
    odd = {
        "is a list, which may have any length": node.kind == "list",
        "has another rank in another call": node.shape is None,
        "is a str": node.kind == "str" and side == "output",
        f"is {node.dtype}": node.dtype.startswith("complex"),
    }
    return [why for why, is_so in odd.items() if is_so]


def _refused(label: str, what: str) -> Problem:
    return Problem("unsupported", f"--runtime aotinductor does not take {label}: {what}", HINT)


def _version() -> tuple[int, ...]:
    return tuple(int(number) for number in str(torch.__version__).split("+")[0].split(".")[:2])
