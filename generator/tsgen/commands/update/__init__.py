"""`tsgen update`: this tsgen's third_party/tsgen in place of the project's, proven before and after."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tsgen import render
from tsgen.commands.update import proving
from tsgen.commands.update.migrate import migrate
from tsgen.commands.update.replace import relock, replace
from tsgen.commands.update.trial import Trial
from tsgen.console import Steps
from tsgen.errors import ConfigError, RenderError, UnsafeError
from tsgen.project import placement, vendored_library
from tsgen.system import files
from tsgen.types import Project
from tsgen.types.update import Stand, Update
from tsgen.workspace import read_config

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tsgen.project.vendored_library import State

__all__ = ["check", "update"]

_NEWER = "install the tsgen that wrote it, or a newer one"


def update(root: Path, options: Mapping[str, Any], *, force: bool = False) -> Update:
    """Bring the project to this tsgen's library. Raises UnsafeError for an edited one, unless `force`."""
    with placement.alone_in(root):
        config = read_config(root, options)
        project, steps = Project(name=config.name, root=root), Steps()
        if placement.is_first_format(root, config.name):
            given = proving.opened(root, options, steps)
            return migrate(Trial(project=project, given=given, steps=steps, force=force), config)
        placement.require_name(root, config)
        state = vendored_library.look(root, render.library())
        if state.drift == "none":
            with files.writing(root, RenderError):
                relock(root, state)
            return _nothing_to_do(project, state)
        if not force:
            _refuse(state)
        return replace(
            Trial(project=project, given=proving.opened(root, options, steps), steps=steps, force=force), state
        )


def check(root: Path, options: Mapping[str, Any]) -> Update:
    """Change nothing. Raises UnsafeError for an edited library, ConfigError for another one than this tsgen's."""
    config = read_config(root, options)
    placement.require_name(root, config)
    state = vendored_library.look(root, render.library())
    _refuse_edited(state)
    if state.drift != "none":
        raise ConfigError(
            f"{vendored_library.FOLDER} is {state.there.called}, and this tsgen brings {state.ours.called}"
            + (" with other bytes" if state.drift == "other" else ""),
            hint=_NEWER if state.drift == "newer" else "`tsgen update` replaces it, and proves the project again",
            details="\n".join(state.there.changed_since(state.ours)),
        )
    return _nothing_to_do(Project(name=config.name, root=root), state)


def _refuse(state: State) -> None:
    _refuse_edited(state)
    if state.drift == "newer":
        raise ConfigError(
            f"{vendored_library.FOLDER} is {state.there.called}, and this tsgen brings the older {state.ours.called}",
            hint=f"{_NEWER}; --force takes the older one",
        )


def _refuse_edited(state: State) -> None:
    if state.edited:
        raise UnsafeError(
            f"{vendored_library.FOLDER} was edited: {vendored_library.named(state.edited)}",
            hint="`tsgen update --force` puts tsgen's files there, and the edits are lost; git shows them",
            details="\n".join(state.edited),
        )


def _nothing_to_do(project: Project, state: State) -> Update:
    stand = Stand(version=state.there.version, sha256=state.there.sha256)
    return Update(project=project, action="none", before=stand, after=stand)
