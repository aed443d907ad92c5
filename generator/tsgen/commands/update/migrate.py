"""A project that tsgen 0.1.0 made becomes one of today: tsgen's C++ leaves the user's folders for third_party/tsgen.

The user's own files stay. What he changed of tsgen's is kept beside, except where nothing is built from the file: there
his stays and tsgen's does not come.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tsgen import render
from tsgen.commands.update import first_format, proving
from tsgen.commands.update.trial import Proof, Trial, written
from tsgen.config import FILE_NAME, Config
from tsgen.console import note
from tsgen.errors import RenderError
from tsgen.project import exchange, lock, vendored_library
from tsgen.system import files
from tsgen.types.update import Kept, Update

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tsgen.commands.update.proving import Exported

ENDING = ".before-update"
"""Not one that CMake, Conan or a CI system takes for a source of theirs."""
_HIS = frozenset({".clang-format", ".gitattributes", ".gitignore", "README.md"})
_BROUGHT_BY: Mapping[str, str] = {
    ".github/workflows/ci.yml": "tsgen add ci github",
    ".gitlab-ci.yml": "tsgen add ci gitlab",
    "conanfile.py": "tsgen add conan",
}


_WRITES = (
    f"the model was exported by tsgen {first_format.VERSION}, which did not look for what a call writes: before you "
    "call it from several threads, remove model/manifest.json and `tsgen build`"
)


@dataclass(frozen=True, kw_only=True)
class Moves:
    unchanged: tuple[str, ...]
    """tsgen's files as it wrote them; they go."""
    kept: tuple[Kept, ...]
    """The user's, in places that tsgen's take, or that nothing reads any more."""
    come: tuple[str, ...]

    def plan(self, root: Path, name: str) -> exchange.Plan:
        library = (vendored_library.FOLDER,) if (root / vendored_library.FOLDER).is_dir() else ()
        return exchange.Plan(
            leave=(*self.unchanged, *(each.file for each in self.kept), *library),
            come=self.come,
            written=(*written(name), *(each.kept_as for each in self.kept)),
        )


def migrate(trial: Trial, config: Config) -> Update:
    """Raises what building and proving raise; the project is then as it was."""
    root, ours = trial.project.root, vendored_library.read(render.library())
    before = trial.before(lambda given: _proved_first(given, trial))
    with files.writing(root, RenderError), files.staging(root / exchange.HELD) as stage:
        made = render.project(Config(name=config.name, model=config.model, lfs=config.lfs), stage)
        moves = _moves(root, made, config)
        others = _other_sources(root, moves)

        def settle(old: Path) -> None:
            with trial.steps("Update") as step:
                for each in moves.kept:
                    shutil.copyfile(old / each.file, root / each.kept_as)
                if (root / lock.FILE_NAME).is_file():
                    lock.write(root, lock.read(root).artifact, [], vendored=vendored_library.row(ours))
                step.done(f"tsgen {first_format.VERSION} -> {vendored_library.FOLDER} {ours.called}", _counted(moves))
            _tell(moves, others)
            if trial.given:
                note(_WRITES)

        after = trial.after(made, moves.plan(root, config.name), settle, f"{vendored_library.FOLDER} {ours.called}")
    return Update(
        project=trial.project,
        action="migrated",
        before=before.of(first_format.VERSION, ""),
        after=after.of(ours.version, ours.sha256),
        kept=moves.kept,
        removed=tuple(name for name in moves.unchanged if name not in moves.come),
        build=after.build,
        timings=trial.steps.timings,
    )


def _proved_first(given: Exported, trial: Trial) -> Proof:
    return Proof(parity=proving.prove_first_format(given, trial.steps, f"tsgen {first_format.VERSION}"))


def _moves(root: Path, made: Path, config: Config) -> Moves:
    """`made` is the project as this tsgen renders it; its tsgen.toml is not wanted."""
    there = first_format.sort(root, config)
    names = [path.relative_to(made).as_posix() for path in sorted(made.rglob("*")) if path.is_file()]
    new = [name for name in names if name != FILE_NAME and not name.startswith(f"{vendored_library.FOLDER}/")]
    his = {name for name in new if name not in there.unchanged and _differs(root / name, made / name)}
    his |= set(there.changed)
    kept = (Kept(file=name, kept_as=_free(root, name)) for name in sorted(his - _HIS))
    return Moves(
        unchanged=there.unchanged,
        kept=tuple(kept),
        come=(*(name for name in new if name not in his & _HIS), vendored_library.FOLDER),
    )


def _differs(path: Path, new: Path) -> bool:
    return path.is_file() and path.read_bytes() != new.read_bytes()


def _free(root: Path, name: str) -> str:
    """A name beside that an earlier update has not taken."""
    wanted, number = name + ENDING, 2
    while (root / wanted).exists():
        wanted, number = f"{name}{ENDING}-{number}", number + 1
    return wanted


def _other_sources(root: Path, moves: Moves) -> list[str]:
    """The user's own files in src/, which tsgen 0.1.0 did not compile unless CMakeLists.txt named them."""
    known = {*moves.unchanged, *(each.file for each in moves.kept)}
    found = (path.relative_to(root).as_posix() for path in sorted((root / "src").glob("*.cpp")))
    return [name for name in found if name not in known]


def _counted(moves: Moves) -> str:
    return f"{len(moves.unchanged)} files of tsgen's go, {len(moves.kept)} of yours are kept beside"


def _tell(moves: Moves, others: list[str]) -> None:
    for each in moves.kept:
        note(f"you had changed {each.file}: yours is {each.kept_as}")
    for name in others:
        note(f"{name} is compiled into the program now, as every .cpp in src/ is")
    for name, command in _BROUGHT_BY.items():
        if name in {*moves.unchanged, *(each.file for each in moves.kept)} - set(moves.come):
            note(f"{name} is gone: `{command}` brings today's")
