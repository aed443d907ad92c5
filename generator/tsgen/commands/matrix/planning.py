"""Config -> the legs, each with the most that this machine can do with it, and why no more."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from packaging.version import Version

from tsgen import libtorch, model
from tsgen.commands.matrix import exports
from tsgen.doctor import cuda
from tsgen.errors import ConfigError, ExportError, LibTorchError
from tsgen.libtorch import catalog
from tsgen.matrix import expand, rules, strategies
from tsgen.runtimes import RUNTIMES
from tsgen.types import accelerator_kind
from tsgen.types.matrix import Planned, Refusal

if TYPE_CHECKING:
    from tsgen.types import Artifact
    from tsgen.types.matrix import Leg, State
    from tsgen.workspace import Workspace

# What a leg needs that no tool brings to this machine.
_ELSEWHERE = {
    "linux-x86_64": "Linux on x86_64",
    "linux-aarch64": "Linux on a 64-bit ARM",
    "macos-arm64": "a Mac with Apple silicon",
    "macos-x86_64": "an Intel Mac",
    "windows-x86_64": "Windows with Visual Studio's compiler and headers, which nobody may hand on",
    "windows-arm64": "Windows on ARM with Visual Studio's compiler and headers, which nobody may hand on",
}


def planned(work: Workspace) -> tuple[Planned, ...]:
    """The legs that [matrix] names, in its order, each with how it can be done here.

    Raises ConfigError and LibTorchError as the project's own files do.
    """
    machine = _Machine(work)
    return tuple(machine.plan(leg) for leg in expand.legs(work.config.matrix, machine.default))


class _Machine:
    """What is known here; asked once, and only when a leg wants to know."""

    def __init__(self, work: Workspace) -> None:
        self.work, self.config = work, work.config

    def plan(self, leg: Leg) -> Planned:
        if verdict := self._impossible(leg) or self._elsewhere(leg):
            return verdict
        strategy = strategies.for_leg(leg, self.platform)
        if not strategy:
            return _planned(leg, "elsewhere", Refusal(f"it needs {_ELSEWHERE[leg.platform]}"))
        if lacking := self._no_export(leg) or strategy.lacks(leg):
            return _planned(leg, "lacking", lacking)
        return Planned(
            leg=leg, name=leg.name, strategy=strategy.NAME, target_state=strategy.STATE, reason=strategy.LIMIT
        )

    def default(self, axis: str, known: dict[str, str]) -> str:
        """What an axis has that neither [matrix] nor an include names: the project's own."""
        if axis == "platform":
            return self.platform
        if axis == "runtime":
            return self.config.runtime
        if axis == "torch_version":
            exported_by = self.exported_by(known["runtime"])
            return self.config.torch_version or Version(exported_by or catalog.newest()).public
        if axis == "accelerator":
            return self._accelerator(known["platform"], known["torch_version"])
        if axis == "build_type":
            return self.config.build_type
        return rules.usual_compiler(known["platform"], known["runtime"])

    @cached_property
    def platform(self) -> str:
        return libtorch.host_platform()

    def exported_by(self, runtime: str) -> str | None:
        """The torch of the project's export; another runtime's is made here."""
        locked = self.work.locked_artifact.get("torch_version") if runtime == self.config.runtime else None
        return locked or self.work.python.torch_version

    @cached_property
    def artifact(self) -> Artifact | None:
        try:
            return model.read(self.work.root / "model")
        except ExportError:
            return None

    @cached_property
    def driver(self) -> cuda.Driver:
        return cuda.driver()

    def _accelerator(self, platform: str, version: str) -> str:
        wanted = libtorch.accelerator_for(self.config, platform)
        if wanted != libtorch.CUDA:
            return wanted
        return catalog.find(version, platform, wanted).accelerator

    def _impossible(self, leg: Leg) -> Planned | None:
        if refusal := rules.why_not(leg):
            return _planned(leg, "impossible", refusal)
        try:
            exports.refuse_words(self.config, leg.runtime)
            catalog.find(leg.torch_version, leg.platform, leg.accelerator, rules.libtorch_build_type(leg))
            if exported_by := self.exported_by(leg.runtime):
                RUNTIMES[leg.runtime].check_libtorch(leg.torch_version, exported_by)
                libtorch.check_direction(exported_by, leg.torch_version, older=self.config.older_libtorch)
        except (ConfigError, LibTorchError) as error:
            return _planned(leg, "impossible", Refusal(error.message, error.hint))
        return None

    def _elsewhere(self, leg: Leg) -> Planned | None:
        if foreign := self._libraries_of_another(leg):
            return _planned(leg, "elsewhere", foreign)
        kind = accelerator_kind(leg.accelerator)
        if kind == "cuda" and (leg.platform != self.platform or not self.driver.devices):
            return _planned(leg, "elsewhere", Refusal(f"it needs an NVIDIA GPU and its driver on {leg.platform}"))
        if kind == "rocm":
            return _planned(leg, "elsewhere", Refusal(f"it needs an AMD GPU and its driver on {leg.platform}"))
        return None

    def _no_export(self, leg: Leg) -> Refusal | None:
        """A leg of another runtime than the project's needs an export of its own."""
        if leg.runtime == self.config.runtime or self.work.python.torch:
            return None
        return Refusal(f"the model must be exported for {leg.runtime}, and this Python has no torch", "install torch")

    def _libraries_of_another(self, leg: Leg) -> Refusal | None:
        """Libraries of operators are machine code for one platform and one LibTorch."""
        artifact = self.artifact
        if not artifact or not artifact.libraries:
            return None
        if leg.torch_version == Version(artifact.torch_version).public and leg.platform == self.platform:
            return None
        names = ", ".join(library.file for library in artifact.libraries)
        return Refusal(
            f"the model comes with {names}, built for {self.platform} and torch {artifact.torch_version}",
            f"export the model with that torch on {leg.platform}",
        )


def _planned(leg: Leg, state: State, why: Refusal) -> Planned:
    return Planned(leg=leg, name=leg.name, strategy=None, target_state=state, reason=why.reason, hint=why.hint)
