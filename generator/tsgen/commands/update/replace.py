"""The third_party/tsgen that this tsgen brings, in place of the project's own."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from tsgen import render
from tsgen.commands.update.trial import Trial, proved, written
from tsgen.errors import RenderError
from tsgen.project import exchange, lock, vendored_library
from tsgen.system import files
from tsgen.types.update import Update

if TYPE_CHECKING:
    from pathlib import Path

    from tsgen.project.vendored_library import State


def replace(trial: Trial, state: State) -> Update:
    """Raises what building and proving raise; the project is then as it was."""
    root, name = trial.project.root, vendored_library.FOLDER
    old, new = f"{name} {state.there.called}", f"{name} {state.ours.called}"
    before = trial.before(lambda given: proved(given, trial.steps, old))

    def settle(_: Path) -> None:
        with trial.steps("Update") as step:
            relock(root, state)
            step.done(f"{old} -> {state.ours.called}", f"{len(state.ours.changed_since(state.there))} files differ")

    leave = (name,) if (root / name).is_dir() else ()
    plan = exchange.Plan(leave=leave, come=(name,), written=written(trial.project.name))
    with files.writing(root, RenderError), files.staging(root / exchange.HELD) as stage:
        # With the time of now, not of the template: Ninja compiles what is younger than its objects.
        shutil.copytree(render.library(), stage / name, copy_function=shutil.copyfile)
        after = trial.after(stage, plan, settle, new)
    return Update(
        project=trial.project,
        action="updated",
        before=before.of(state.there.version, state.there.sha256),
        after=after.of(state.ours.version, state.ours.sha256),
        edited=state.edited,
        build=after.build,
        timings=trial.steps.timings,
    )


def relock(root: Path, state: State) -> None:
    """Record this tsgen's library; a project without a lock gets it by its first build."""
    if (root / lock.FILE_NAME).is_file():
        lock.write(root, lock.read(root).artifact, [], vendored=vendored_library.row(state.ours))
