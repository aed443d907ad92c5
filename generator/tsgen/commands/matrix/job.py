"""What all legs of a run share, and what they ask of it."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tsgen import libtorch
from tsgen.errors import TsgenError
from tsgen.matrix import rules, strategies
from tsgen.types import LibTorchRequest
from tsgen.verify.measure import cold_start_of_python

if TYPE_CHECKING:
    from tsgen.matrix.strategies.strategy import Strategy
    from tsgen.toolchain import Toolchain
    from tsgen.toolchain.compile_cache import Launcher
    from tsgen.toolchain.interpreter import Interpreter
    from tsgen.types import Artifact
    from tsgen.types.matrix import Leg
    from tsgen.workspace import Workspace


class PythonColdStart:
    """The same for every leg of this machine: the first that asks measures it."""

    def __init__(self, python: Interpreter, artifact: Artifact) -> None:
        self._python, self._artifact = python, artifact
        self._lock = threading.Lock()
        self._found: float | None = None

    def milliseconds(self) -> float | None:
        """None without a torch."""
        with self._lock:
            if self._python.torch and self._found is None:
                self._found = cold_start_of_python(self._python.executable, self._artifact)
            return self._found


@dataclass(frozen=True, kw_only=True)
class Job:
    """What all legs of a run and of a runtime share."""

    work: Workspace
    """Its `home` is the project; for another runtime than the project's, its `root` has a copy with that export."""
    artifact: Artifact
    toolchain: Toolchain
    cache: Launcher
    python_cold_start: PythonColdStart
    jobs: int
    """Legs at a time."""


def strategy_of(leg: Leg) -> Strategy:
    strategy = strategies.for_leg(leg, libtorch.host_platform())
    if not strategy:
        raise TsgenError(f"{leg.name} was planned to run here, and cannot", hint="report it")
    return strategy


def request(leg: Leg, job: Job) -> LibTorchRequest:
    """The installed torch will do for a leg of its version; one for CUDA also for the CPU, unless that was named."""
    here = leg.platform == libtorch.host_platform()
    asked = job.work.config.matrix.accelerator or job.work.config.accelerator
    word = job.work.config.libtorch
    return LibTorchRequest(
        libtorch=word if here and not libtorch.is_folder(word) else "auto",
        platform=leg.platform,
        build_type=rules.libtorch_build_type(leg),
        torch=job.work.python.torch if here else None,
        version=leg.torch_version,
        accelerator=None if here and not asked and leg.accelerator == "cpu" else leg.accelerator,
        offline=job.work.config.offline,
    )
