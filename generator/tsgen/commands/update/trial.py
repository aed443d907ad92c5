"""The proof before, the exchange, the proof after: what is not proven then is taken back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tsgen import render
from tsgen.commands.update import proving
from tsgen.console import note
from tsgen.errors import BuildError, ParityError, RenderError, TsgenError
from tsgen.project import exchange, lock
from tsgen.system import files
from tsgen.types.update import Stand

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tsgen.commands.update.proving import Exported
    from tsgen.console import Steps
    from tsgen.types import Build, ParityReport, Project

_NOT_EXPORTED = "the model is not exported yet"


@dataclass(frozen=True, kw_only=True)
class Proof:
    build: Build | None = None
    parity: ParityReport | None = None
    not_proven: str = ""

    def of(self, version: str, sha256: str) -> Stand:
        return Stand(version=version, sha256=sha256, parity=self.parity, not_proven=self.not_proven)


@dataclass(frozen=True, kw_only=True)
class Trial:
    project: Project
    given: Exported | None
    """None: there is no model yet, so nothing is proven."""
    steps: Steps
    force: bool
    """Keep what does not build or prove, too."""

    def before(self, prove: Callable[[Exported], Proof]) -> Proof:
        """What cannot be built or proven may be what the update mends: that is said, and no more."""
        if not self.given:
            return Proof(not_proven=_NOT_EXPORTED)
        try:
            return prove(self.given)
        except (BuildError, ParityError) as error:
            note(f"not proven before the update: {error.message}")
            return Proof(not_proven=error.message)

    def after(self, stage: Path, plan: exchange.Plan, settle: Callable[[Path], None], words: str) -> Proof:
        """Exchange, let `settle` write the rest, build and prove; raises what these raise.

        `settle` is given the folder that holds what was there before.
        """
        root = self.project.root
        try:
            with files.writing(root, RenderError), exchange.exchanged(root, stage, plan) as old:
                settle(old)
                proof, failure = self._tried(words)
        except BaseException:
            note("the update is taken back: the project is as it was before")
            raise
        if failure:
            note("the update is kept, as --force wants it")
            raise failure
        return proof

    def _tried(self, words: str) -> tuple[Proof, TsgenError | None]:
        if not self.given:
            note(f"{_NOT_EXPORTED}, so nothing is proven: `tsgen build`")
            return Proof(not_proven=_NOT_EXPORTED), None
        try:
            render.write_api(self.given.artifact, self.project.name, self.project.root)
            return proved(self.given, self.steps, words), None
        except TsgenError as error:
            if not self.force:
                raise
            return Proof(), error


def proved(given: Exported, steps: Steps, words: str) -> Proof:
    """Raises BuildError or ParityError."""
    build, report = proving.prove(given, steps, words)
    return Proof(build=build, parity=report)


def written(name: str) -> tuple[str, ...]:
    """What an update of the project called `name` writes besides what it exchanges, and besides build/."""
    return (lock.FILE_NAME, f"include/{name}/model.hpp", "model/cases/index.tsv")
