"""One model of the session: made for CUDA, proven on the CPU and, where there is one, on the GPU."""

from __future__ import annotations

import json
import shutil
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.gpu.environment import Environment, Has

_FILE = Path(__file__).with_name("models.py")
_BERT = ("hidden_size=32", "num_hidden_layers=2", "num_attention_heads=4", "intermediate_size=64", "vocab_size=100")


@dataclass(frozen=True)
class Entry:
    name: str
    words: Callable[[Has], tuple[str, ...]]
    lacks: Callable[[Has], str] = lambda _: ""
    """What must be there and is not."""
    operator: str = ""
    """Of the project's own, added before it is built."""


@dataclass(frozen=True)
class Result:
    """`states` by device, as tsgen tells them; `error` when it came to no proof."""

    name: str
    states: dict[str, str]
    seconds: float
    error: str = ""
    largest: float | None = None
    """The largest difference on the GPU."""


def _own(name: str, *inputs: str) -> Callable[[Has], tuple[str, ...]]:
    return lambda _: ("--model", f"{_FILE}:{name}", *(word for each in inputs for word in ("--input", each)))


def _bert(has: Has) -> tuple[str, ...]:
    if not has.transformers:
        return _own("Positioned", "ids=NxL@7:int64")(has)
    return ("--model", "hf:BertConfig", *(word for each in _BERT for word in ("--model-arg", each)))


def _torchvision(has: Has) -> str:
    return "" if has.torchvision else "this Python has no torchvision"


def _nvcc(_: Has) -> str:
    return "" if shutil.which("nvcc") else "there is no nvcc on this machine"


ENTRIES = (
    Entry("resnet18", lambda _: ("--model", "resnet18"), _torchvision),
    Entry("lstm", _own("Recurrent", "x=NxT@5x8")),
    Entry("bert", _bert),
    Entry("detector", _own("Detector", "image=1x3x64x64"), _torchvision),
    Entry("own_operator", _own("OwnOperator", "x=Nx8"), _nvcc, operator="scale_add"),
)


def proven(entry: Entry, environment: Environment, place: Path) -> Result:
    """Makes the project anew in `place`."""
    begun = time.monotonic()
    if lack := entry.lacks(environment.has):
        return Result(entry.name, {}, 0, f"not exercised: {lack}")
    root = place / entry.name
    shutil.rmtree(root, ignore_errors=True)
    new = ["new", entry.name, *entry.words(environment.has), "--cuda", "--output", str(place), "--json"]
    if entry.operator:
        error, _ = _tsgen(environment, [*new, "--no-build"])
        error = error or _tsgen(environment, ["add", "op", entry.operator, str(root), "--cuda", "--json"])[0]
        new = ["build", str(root), "--json"]
        if error:
            return Result(entry.name, {}, time.monotonic() - begun, error)
    error, outcome = _tsgen(environment, new)
    states = (outcome.get("parity") or {}).get("devices", {})
    largest = _largest(Path(outcome["build"]["runner"])) if states.get("cuda") == "proven" else None
    return Result(entry.name, states, time.monotonic() - begun, error, largest)


def _tsgen(environment: Environment, words: list[str]) -> tuple[str, dict[str, Any]]:
    """The error, and what came."""
    done = subprocess.run(
        [*environment.command, *words], env=environment.variables, capture_output=True, text=True, check=False
    )
    try:
        document: dict[str, Any] = json.loads(done.stdout)
    except ValueError:
        document = {"error": {"message": done.stderr[-600:] or f"it ended with status {done.returncode}"}}
    error = document.get("error", {})
    return error.get("message", ""), document


def _largest(runner: Path) -> float | None:
    """What the program itself says of its answers on the GPU."""
    done = subprocess.run([runner, "--verify", "--device", "cuda", "--json"], capture_output=True, check=False)
    outputs = [output for case in json.loads(done.stdout)["cases"] for output in case["outputs"]]
    return max((output["max_abs"] for output in outputs if output["max_abs"] is not None), default=None)
