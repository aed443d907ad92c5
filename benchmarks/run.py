"""The table of "faster than by hand", from one command: `nox -s bench`, or

    python -m benchmarks.run [--rows new,edit] [--rounds 3] [--quick] [--write-docs]

with the Python of an environment that has tsgen, torch and torchvision, at the root of the checkout. It writes
.benchmarks/bench.json and bench.md (part.json and part.md, where rows are missing); with --write-docs also the table in
docs/explanation/speed.md. A table that was measured before is put there with --from .benchmarks/bench.json, which
measures nothing.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks import machine, table
from benchmarks.bench import ROOT, Bench, prepare
from benchmarks.measure import Failed
from benchmarks.rows import MEASURES, ROWS, Round, Skipped, named

if TYPE_CHECKING:
    from collections.abc import Sequence

PAGE = ROOT / "docs" / "explanation" / "speed.md"
CALLS, REPEATS = 100, 3
QUICK_CALLS = 20


def main() -> int:
    given = _parser().parse_args()
    try:
        document = json.loads(given.known.read_text(encoding="utf-8")) if given.known else measured(given)
        write(document, given.output)
        if given.write_docs:
            write_page(document, PAGE)
    except (Failed, OSError, ValueError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    print(table.markdown(document))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.run", description="tsgen against PyTorch's tutorial")
    parser.add_argument("--rows", help="only these: " + ",".join(row.key for row in ROWS))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--quick", action="store_true", help="one round with few calls: a look, not a measurement")
    parser.add_argument("--cpu-libtorch", type=Path, help="an unpacked LibTorch for the CPU, for the row `configure`")
    parser.add_argument(
        "--output", type=Path, default=ROOT / ".benchmarks", help="the folder of bench.json and bench.md"
    )
    parser.add_argument("--from", dest="known", type=Path, help="measure nothing, take this bench.json")
    parser.add_argument("--write-docs", action="store_true", help="put the whole table into docs/explanation/speed.md")
    return parser


def measured(given: argparse.Namespace) -> dict[str, Any]:
    rows = named(given.rows.split(",")) if given.rows else ROWS
    rounds = 1 if given.quick else given.rounds
    if rounds < 1:
        raise ValueError(f"expected at least one round, came {rounds}")
    calls, repeats = (QUICK_CALLS, 1) if given.quick else (CALLS, REPEATS)
    # Resolved: on some systems the temporary folder is behind a link, and CMake compares paths.
    with tempfile.TemporaryDirectory() as name:
        bench = prepare(Path(name).resolve(), given.cpu_libtorch, calls=calls, repeats=repeats)
        samples = in_rounds(bench, rows, rounds)
        described = machine.described(bench)
    return {
        "machine": described,
        "rounds": rounds,
        "rows": [table.summary(row, samples[row]) for row in rows],
    }


def in_rounds(bench: Bench, rows: Sequence[table.Row], rounds: int) -> dict[table.Row, list[table.Pair] | str]:
    """Every row once, then every row again: a change of the machine's mood hits all of them."""
    samples: dict[table.Row, list[table.Pair]] = {row: [] for row in rows}
    skipped: dict[table.Row, str] = {}
    for number in range(rounds):
        now = Round(bench, number)
        for row in rows:
            try:
                samples[row].append(MEASURES[row](now))
            except Skipped as reason:
                skipped[row] = str(reason)
            told = skipped.get(row) or " {:.3f} {unit}, {:.3f} {unit}".format(*samples[row][-1], unit=row.unit)
            print(f"round {number + 1} of {rounds}: {row.key}: {told}", file=sys.stderr, flush=True)
        shutil.rmtree(now.folder)
    return {row: skipped.get(row) or samples[row] for row in rows}


def write(document: dict[str, Any], folder: Path) -> None:
    """A part of the table does not replace the whole that was measured before."""
    folder.mkdir(parents=True, exist_ok=True)
    name = "part" if table.unmeasured(ROWS, document) else "bench"
    (folder / f"{name}.json").write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
    (folder / f"{name}.md").write_text(table.markdown(document), encoding="utf-8")


def write_page(document: dict[str, Any], page: Path) -> None:
    """Raises ValueError when rows of the table are missing."""
    if missing := table.unmeasured(ROWS, document):
        raise ValueError(f"expected every row for the page, missing are {', '.join(missing)}; measure without --rows")
    page.write_text(table.put(page.read_text(encoding="utf-8"), table.markdown(document)), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
