"""`python -m tests.zoo [PATTERN ...]`: export, prove and check every model, one after another; print the table.

Results are kept in build/zoo/results.jsonl: a run that was stopped goes on where it was. Each pattern is a part of a
name or a family. The exit status is 1 when a model is wrong, broken, or not as its file says.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from . import program, results, table
from .entries import REPOSITORY, Entry, entries
from .worker import run

PLACE = REPOSITORY / "build" / "zoo"
PAGE = REPOSITORY / "docs" / "reference" / "zoo.md"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="nox -s zoo --", description="Run the zoo of models through tsgen.")
    parser.add_argument("patterns", nargs="*", metavar="PATTERN", help="only models whose name or family has it in it")
    parser.add_argument("--again", action="store_true", help="also those that have a result")
    parser.add_argument("--failed", action="store_true", help="again those that were not right")
    parser.add_argument("--jobs", type=int, default=1, help="how many at a time (default: 1)")
    parser.add_argument("--list", action="store_true", help="only name the models")
    parser.add_argument(
        "--write", action="store_true", help=f"only write {PAGE.relative_to(REPOSITORY)} from the results"
    )
    parser.add_argument("--program", type=Path, help="a runner made before, instead of a new one")
    parser.add_argument("--place", type=Path, default=PLACE, help="where everything is made (default: build/zoo)")
    return parser.parse_args()


def main() -> int:
    chosen = _arguments()
    wanted = [entry for entry in entries() if _matches(entry, chosen.patterns)]
    store = results.Store(chosen.place / "results.jsonl")
    if chosen.list:
        print("\n".join(f"{entry.family}: {' '.join(entry.words)}" for entry in wanted))  # noqa: T201
    elif chosen.write:
        PAGE.write_text(table.page(wanted, store), encoding="utf-8")
    else:
        return _run(chosen, wanted, store)
    return 0


def _matches(entry: Entry, patterns: list[str]) -> bool:
    return not patterns or any(pattern in entry.name or pattern == entry.family for pattern in patterns)


def _run(chosen: argparse.Namespace, wanted: list[Entry], store: results.Store) -> int:
    chosen.place.mkdir(parents=True, exist_ok=True)
    todo = [entry for entry in wanted if _is_due(chosen, entry, store)]
    runner = chosen.program or (program.compiled(chosen.place) if todo else None)
    for entry, found in run(todo, chosen.place, runner, chosen.jobs):
        store.add(entry, found)
        print(table.line(entry, store), flush=True)  # noqa: T201
    print(table.totals(wanted, store))  # noqa: T201
    return int(any(store.complaint(entry) for entry in wanted))


def _is_due(chosen: argparse.Namespace, entry: Entry, store: results.Store) -> bool:
    known = store.of(entry)
    return (
        chosen.again or known is None or (chosen.failed and (known.outcome != "right" or bool(store.complaint(entry))))
    )


if __name__ == "__main__":
    sys.exit(main())
