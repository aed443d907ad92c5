"""Config -> the legs, each with the most that this machine can do with it, and why no more."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from packaging.version import Version

from tsgen import libtorch, lock, model
from tsgen.doctor import cuda
from tsgen.errors import ExportError, LibTorchError
from tsgen.matrix import expand, rules, ways
from tsgen.types.matrix import Planned

if TYPE_CHECKING:
    from pathlib import Path

    from tsgen.config import Config
    from tsgen.interpreter import Interpreter
    from tsgen.types import Artifact
    from tsgen.types.matrix import Leg, State

# What a leg needs that no tool brings to this machine.
_ELSEWHERE = {
    "linux-x86_64": "Linux on x86_64",
    "linux-aarch64": "Linux on a 64-bit ARM",
    "macos-arm64": "a Mac with Apple silicon",
    "macos-x86_64": "an Intel Mac",
    "windows-x86_64": "Windows with Visual Studio's compiler and headers, which nobody may hand on",
    "windows-arm64": "Windows on ARM with Visual Studio's compiler and headers, which nobody may hand on",
}


def planned(root: Path, config: Config, python: Interpreter) -> tuple[Planned, ...]:
    """In the order of [matrix].

    Raises ConfigError and LibTorchError as the project's own files do.
    """
    machine = _Machine(root, config, python)
    return tuple(machine.plan(leg) for leg in expand.legs(config.matrix, machine.default))


class _Machine:
    """What is known here; asked once, and only when a leg wants to know."""

    def __init__(self, root: Path, config: Config, python: Interpreter) -> None:
        self.root, self.config, self.python = root, config, python

    def plan(self, leg: Leg) -> Planned:
        if verdict := self._impossible(leg) or self._elsewhere(leg):
            return verdict
        way = ways.for_leg(leg, self.platform)
        if not way:
            return _planned(leg, "elsewhere", f"it needs {_ELSEWHERE[leg.platform]}")
        if lacking := way.lacks(leg):
            reason, _, hint = lacking.partition(": ")
            return _planned(leg, "lacking", reason, hint)
        return Planned(leg=leg, name=leg.name, way=way.NAME, aim=way.STATE, reason=way.LIMIT)

    def default(self, axis: str, known: dict[str, str]) -> str:
        """What an axis has that neither [matrix] nor an include names: the project's own."""
        if axis == "platform":
            return self.platform
        if axis == "torch_version":
            return self.config.torch_version or Version(self.exported_by or libtorch.catalog.newest()).public
        if axis == "accelerator":
            return self._accelerator(known["platform"], known["torch_version"])
        return self.config.build_type if axis == "build_type" else expand.usual_compiler(known["platform"])

    @cached_property
    def platform(self) -> str:
        return libtorch.host_platform()

    @cached_property
    def exported_by(self) -> str | None:
        return lock.read(self.root).get("artifact", {}).get("torch_version") or self.python.torch_version

    @cached_property
    def artifact(self) -> Artifact | None:
        try:
            return model.read(self.root / "model")
        except ExportError:
            return None

    @cached_property
    def driver(self) -> cuda.Driver:
        return cuda.driver()

    def _accelerator(self, platform: str, version: str) -> str:
        wanted = libtorch.accelerator_for(self.config, platform)
        if wanted != libtorch.CUDA:
            return wanted
        return libtorch.catalog.find(version, platform, wanted).accelerator

    def _impossible(self, leg: Leg) -> Planned | None:
        reason, hint = rules.why_not(leg)
        if reason:
            return _planned(leg, "impossible", reason, hint)
        try:
            libtorch.catalog.find(leg.torch_version, leg.platform, leg.accelerator, leg.build_type)
            if self.exported_by:
                libtorch.check_direction(self.exported_by, leg.torch_version, older=self.config.older_libtorch)
        except LibTorchError as error:
            return _planned(leg, "impossible", error.message, error.hint)
        return None

    def _elsewhere(self, leg: Leg) -> Planned | None:
        if foreign := self._libraries_of_another(leg):
            return _planned(leg, "elsewhere", foreign, f"export the model with that torch on {leg.platform}")
        if leg.accelerator.startswith("cu") and (leg.platform != self.platform or not self.driver.devices):
            return _planned(leg, "elsewhere", f"it needs an NVIDIA GPU and its driver on {leg.platform}")
        if leg.accelerator.startswith("rocm"):
            return _planned(leg, "elsewhere", f"it needs an AMD GPU and its driver on {leg.platform}")
        return None

    def _libraries_of_another(self, leg: Leg) -> str:
        """Libraries of operators are machine code for one platform and one LibTorch."""
        artifact = self.artifact
        if not artifact or not artifact.libraries:
            return ""
        same = leg.torch_version == Version(artifact.torch_version).public and leg.platform == self.platform
        names = ", ".join(library.file for library in artifact.libraries)
        return (
            ""
            if same
            else f"the model comes with {names}, built for {self.platform} and torch {artifact.torch_version}"
        )


def _planned(leg: Leg, state: State, reason: str, hint: str = "") -> Planned:
    return Planned(leg=leg, name=leg.name, way=None, aim=state, reason=reason, hint=hint)
