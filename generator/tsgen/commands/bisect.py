"""What `tsgen test --bisect` does: the first operator whose result differs between eager Python, the export and C++."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tsgen import build as building
from tsgen import model, operators, runtimes
from tsgen.console import Steps
from tsgen.errors import ConfigError, ParityError
from tsgen.model import bisect as watching
from tsgen.project import placement
from tsgen.types.bisection import Bisection
from tsgen.verify import describe, program, watched
from tsgen.verify.compare import compare_case
from tsgen.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tsgen.config import Config
    from tsgen.types import Artifact, Build, Case, OutputParity
    from tsgen.types.bisection import Watched
    from tsgen.worker.messages.bisection import Comparison


@dataclass(frozen=True, kw_only=True)
class _Replayed:
    """The program's answers to the saved cases."""

    failed: tuple[OutputParity, ...] = ()
    refused: str = ""
    """Why it answered none."""


def bisect(root: Path, options: Mapping[str, Any], case: str = "") -> Bisection:
    """The first operator of one case whose result differs between eager Python, the exported file and C++.

    The case is the named one, else the first in which the program differs, else the first.

    Raises ConfigError when there is no such case, and what worker and program raise.
    """
    with placement.alone_in(root), tempfile.TemporaryDirectory(prefix="tsgen-") as name:
        steps, work, folder = Steps(), Workspace.open(root, options), Path(name)
        runtimes.refuse_command(work.config, "tsgen test --bisect")
        config, project, artifact = work.config, work.project, model.read(root / "model")
        _require(artifact, case)
        built = building.existing(project, config.build_type)
        model.write_index(artifact, root / "model", config.tolerance)
        with steps("Replay") as step:
            replayed = _replay(built, artifact, folder / "replayed", config)
            chosen = _chosen(artifact, replayed, case)
            step.done(f"case {chosen.name}")
        with steps("Watch") as step:
            made = _watch(work, artifact, chosen, folder / "watched")
            step.done(f"{len(made.operators)} operators")
        with steps("Compare") as step:
            cpp, demand = watched.run(built, made, folder / "answered", config.tolerance)
            cpp = replace(cpp, answers=_answers(replayed, chosen, made.python))
            step.done(f"{cpp.operators} agree")
    return Bisection(
        project=project,
        case=chosen.name,
        method=chosen.method,
        demand=demand,
        differs=not (made.python.agree and cpp.agree),
        comparisons=(made.python, cpp),
        notes=(*_of_the_file(artifact, replayed), *made.notes),
    )


def _require(artifact: Artifact, case: str) -> None:
    names = [each.name for each in artifact.cases]
    if case and case not in names:
        raise ConfigError(f"--case: there is no case {case}", hint=f"the cases are {', '.join(names)}")


def _replay(built: Build, artifact: Artifact, folder: Path, config: Config) -> _Replayed:
    try:
        answer = program.replay(built, artifact, folder)
    except ParityError as error:
        return _Replayed(refused=error.message)
    limits = config.tolerance if answer["demand"] == "tolerance" else {}
    entries = {"": artifact.signature, **artifact.signature.methods}
    cases = artifact.path.parent / "cases"
    results = (
        result
        for case in artifact.cases
        for result in compare_case(case.name, entries[case.method], cases / case.name, folder / case.name, limits)
    )
    return _Replayed(failed=tuple(each for each in results if not each.passed))


def _chosen(artifact: Artifact, replayed: _Replayed, name: str) -> Case:
    wanted = name or next((result.name for result in replayed.failed), artifact.cases[0].name)
    return next(case for case in artifact.cases if case.name == wanted)


def _answers(replayed: _Replayed, case: Case, python: Comparison) -> str:
    """What was saved is eager Python's: it is the exported file's too, as long as those two agree."""
    differ = [describe(result) for result in replayed.failed if result.name == case.name]
    return differ[0] if differ and not python.answers else ""


def _watch(work: Workspace, artifact: Artifact, case: Case, folder: Path) -> Watched:
    folder.mkdir()
    library = building.operator_library(work.project, work.config.build_type)
    made = watching.watch(
        model.request_of(work.config, work.root),
        work.python,
        watching.Target(artifact=artifact, case=case, folder=folder),
        search_path=work.search_path,
        linked=[library] if operators.sources(work.root) else [],
    )
    model.write_index(made.artifact, folder, work.config.tolerance)
    return made


def _of_the_file(artifact: Artifact, replayed: _Replayed) -> list[str]:
    changed = model.changed_files(artifact.path.parent)
    notes = [f"model/{changed[0]} is not the file that was exported"] if changed else []
    return notes + ([f"not every saved case has an answer: {replayed.refused}"] if replayed.refused else [])
