"""A session: mutations one after another, each by its own seed, with what came of it."""

from __future__ import annotations

import os
import shutil
import sys
import warnings
from collections import Counter
from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING

from tests.fuzz import calls, doors, oracle, specimens
from tests.fuzz.arena import Arena
from tests.fuzz.mutations import spoil

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from tests.fuzz.calls import Ended
    from tests.fuzz.doors import Door

_SECONDS = 120
_TOLD = 100


@dataclass
class Counts:
    """How often each door ended in which status, and the faults."""

    ends: Counter[tuple[str, str]] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    def told(self) -> str:
        rows = [f"{count:6}  {door}: {end}" for (door, end), count in sorted(self.ends.items())]
        return "\n".join([*rows, f"{sum(self.ends.values())} mutations, {len(self.faults)} faults"])


class Session:
    """Everything lies below `folder`, in which the real files are made."""

    def __init__(self, folder: Path, python: Path) -> None:
        self._arena, self._said, self._kept = Arena(folder), folder / "said", folder / "faults"
        kept = {name: value for name, value in os.environ.items() if not name.startswith("TSGEN_")}
        own = {"HOME": str(folder / "home"), "TSGEN_STORE": str(self._arena.place / "store")}
        self._environment = {**kept, **own, "TSGEN_PYTHON": str(python), "PYTHONDONTWRITEBYTECODE": "1"}
        for each in (self._said, self._kept, folder / "home"):
            each.mkdir(parents=True, exist_ok=True)
        self._begin(python)
        self._worker = calls.Worker(python, self._arena.place, self._environment)

    def close(self) -> None:
        self._worker.close()

    def run(self, numbers: Iterable[int], seed: int, door: str = "") -> Counts:
        counts = Counts()
        chosen = [each for each in doors.DOORS if door in each.name]
        for number in numbers:
            if number % _TOLD == _TOLD - 1:
                print(f"  {sum(counts.ends.values())} done, {len(counts.faults)} faults", flush=True)  # noqa: T201
            self._one(number, Random(f"{seed}:{number}"), chosen, counts)  # noqa: S311 - to be repeated
        return counts

    def _begin(self, python: Path) -> None:
        for old in (self._arena.root / "a", self._arena.outside, self._arena.pristine):
            shutil.rmtree(old, ignore_errors=True)
        specimens.make(self._arena.place, self._environment, python)
        self._arena.freeze()

    def _one(self, number: int, random: Random, chosen: list[Door], counts: Counts) -> None:
        (door,) = random.choices(chosen, [each.share for each in chosen])
        place = self._arena.place
        files = sorted({path for pattern in door.files for path in place.glob(pattern)})
        if not files:  # this Python has no transformers
            return
        file = random.choice(files)
        other = random.choice(sorted(path for path in place.glob("*.*") if path.is_file()))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # zipfile's, of a name that is there twice
            how = spoil(file, other, self._arena.outside, random)
        self._keep(file)
        ended = self._called(door, file)
        name = file.relative_to(self._arena.root).as_posix()
        after = list(oracle.trusted(door, ended, place / "app"))
        touched = self._arena.restore()
        found = [*oracle.faults(door, ended, touched, name), *after]
        counts.ends[door.name, _end(ended)] += 1
        if found:
            self._tell(f"{number}: {door.name}: {name} {how}: {'; '.join(found)}", number, ended, counts)

    def _called(self, door: Door, file: Path) -> Ended:
        place, words = self._arena.place, [word.replace("FILE", str(file)) for word in door.words]
        if door.kind == "runner":
            return calls.program(["app/build/release/app-runner", *words], place, self._environment, _SECONDS)
        if door.kind == "process":
            command = [sys.executable, "-m", "tsgen", *words]
            return calls.program(command, place, self._environment, _SECONDS)
        if door.kind == "tsgen":
            return calls.forked(words, place, self._environment, _SECONDS, self._said / "tsgen")
        output = self._said / "export"
        shutil.rmtree(output, ignore_errors=True)
        output.mkdir()
        return self._worker.ask(doors.request(door.words[0], file, place, output), self._said, _SECONDS)

    def _keep(self, file: Path) -> None:
        """As it is now, in case that it breaks something."""
        copy = self._said / "mutated"
        copy.unlink(missing_ok=True)
        if file.is_file() and not file.is_symlink():
            shutil.copy(file, copy)

    def _tell(self, text: str, number: int, ended: Ended, counts: Counts) -> None:
        counts.faults.append(text)
        print(text, flush=True)  # noqa: T201
        (self._kept / f"{number}.txt").write_text(
            f"{text}\n{ended.answer or ''}\n{ended.stdout}\n{ended.stderr}", encoding="utf-8", errors="replace"
        )
        if (self._said / "mutated").exists():
            shutil.copy(self._said / "mutated", self._kept / f"{number}.file")


def _end(ended: Ended) -> str:
    kind = (ended.answer or {}).get("error", {}).get("kind")
    return str(kind or ended.status)
