"""The results as lines on the terminal and as a page of the docs."""

from __future__ import annotations

import sys
from collections import Counter
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from .entries import FAMILIES, HAND_WRITTEN, Entry

if TYPE_CHECKING:
    from .results import Result, Store

OUTCOMES = ("right", "refused", "wrong", "broken")
LONGEST = 240
_ABOUT = """# The zoo

`nox -s zoo` exports every model of this page with `tsgen export`, lets one compiled program prove it (`--verify`), and
then asks for a second opinion: the model is built again in Python and called on inputs that tsgen did not choose (other
values, batches, image sizes, list lengths, branches), the program is called on the same inputs, and the answers are
compared. This page is written by `nox -s zoo -- --write`, from the models that have been run.

- **right**: exported, proven, and the second opinion agrees. *Restricted*: the program refused, with a sentence, an
  input of the second opinion that eager Python takes.
- **refused**: tsgen said why not, and exported nothing.
- **wrong**: an answer that is not Python's, and nobody said so. Must be 0.
- **broken**: a crash, a traceback, a hang. Must be 0.
"""


def line(entry: Entry, store: Store) -> str:
    found = store.of(entry)
    if not found:
        return f"{'not run':8} {entry.family} {entry.name}"
    said = "; ".join(filter(None, [found.reason, *found.notes, store.complaint(entry)]))
    return f"{found.outcome:8} {found.seconds:6.1f} s  {found.method:12} {entry.name}  {said[:LONGEST]}"


def totals(entries: list[Entry], store: Store) -> str:
    lines = [f"{family}: {_count(entries, family, store)}" for family in (*FAMILIES, HAND_WRITTEN)]
    complaints = [f"  {entry.name}: {store.complaint(entry)}" for entry in entries if store.complaint(entry)]
    return "\n".join([*lines, *(["not as it must be:"] if complaints else []), *complaints])


def _count(entries: list[Entry], family: str, store: Store) -> str:
    counted = Counter(_outcome(entry, store) for entry in entries if entry.family == family)
    return ", ".join(f"{counted[name]} {name}" for name in (*OUTCOMES, "not run") if counted[name] or name in OUTCOMES)


def _outcome(entry: Entry, store: Store) -> str:
    found = store.of(entry)
    return found.outcome if found else "not run"


def page(entries: list[Entry], store: Store) -> str:
    run = [entry for entry in entries if store.of(entry)]
    return "\n".join(
        [
            _ABOUT,
            _versions(),
            "",
            _summary(run, store),
            *(_section(run, family, store) for family in (*FAMILIES, HAND_WRITTEN)),
            "",
        ]
    )


def _versions() -> str:
    named = ", ".join(f"{name} {version(name)}" for name in ("torch", "torchvision", "timm", "transformers"))
    return f"With {named}, Python {sys.version.split()[0]}."


def _summary(entries: list[Entry], store: Store) -> str:
    counted = {family: Counter[str]() for family in (*FAMILIES, HAND_WRITTEN, "all")}
    for entry in entries:
        counted[entry.family][_outcome(entry, store)] += 1
        counted["all"][_outcome(entry, store)] += 1
    rows = [(family, *(count[name] for name in OUTCOMES), count.total()) for family, count in counted.items()]
    return _rows(("models", *OUTCOMES, "all"), rows)


def _section(entries: list[Entry], family: str, store: Store) -> str:
    rows = [_row(entry, found) for entry in entries if entry.family == family and (found := store.of(entry))]
    return f"\n## {family}\n\n" + _rows(("model", "outcome", "method", "s", "notes"), rows)


def _row(entry: Entry, found: Result) -> tuple[Any, ...]:
    said = "; ".join(filter(None, [found.reason, *found.notes]))
    words = said.replace("|", "\\|").replace("<", "&lt;").replace("\n", " ")
    return f"`{entry.name}`", found.outcome, found.method, f"{found.seconds:.0f}", words[:LONGEST]


def _rows(head: tuple[str, ...], rows: list[tuple[Any, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join(f"| {' | '.join(map(str, row))} |" for row in lines)
