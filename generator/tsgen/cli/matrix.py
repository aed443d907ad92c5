from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tsgen import console, pipeline
from tsgen.cli import options, output
from tsgen.commands import matrix
from tsgen.console.readable import readable
from tsgen.errors import BuildError, ConfigError, ParityError, ToolMissingError
from tsgen.matrix import results
from tsgen.types.matrix import WORDS

if TYPE_CHECKING:
    from tsgen.types.matrix import MatrixPlan, MatrixReport

FOLDER = click.Path(path_type=Path, file_okay=False, exists=True)
# Each compiler of a LibTorch source takes 2 GB, and a leg runs one for each core while it compiles.
_CORES_A_LEG = 4


@click.command("matrix")
@click.argument("folder", metavar="[DIR]", type=click.Path(path_type=Path), default=".")
@click.option("--run", "run_them", is_flag=True, help="Build and prove the legs that run here.")
@click.option("--leg", "pattern", metavar="PATTERN", default="", help="Only these: a name, a part of it, or with *.")
@click.option("--jobs", type=click.IntRange(1), metavar="J", help="Legs at a time.  [default: one for each 4 cores]")
@click.option("--github", "system", flag_value="github", help="Print the JSON for GitHub's strategy.matrix.")
@click.option("--gitlab", "system", flag_value="gitlab", help="Print a child pipeline for GitLab.")
@click.option("--merge", type=FOLDER, metavar="FOLDER", help="Make one report of the results below FOLDER.")
@options.compile_cache_option
@options.offline_option
@options.python_option
@options.output_options
def command(
    *,
    folder: Path,
    run_them: bool,
    pattern: str,
    jobs: int | None,
    system: str | None,
    merge: Path | None,
    as_json: bool,
    verbose: bool,
    **words: Any,
) -> None:
    """Show the legs of the CI matrix: what each is, whether it can run here, and if not what it needs.

    The axes are in [matrix] of tsgen.toml. A leg ends as proven, linked (not run), configured (not built) or failed;
    one that is not done here cannot exist, or needs a tool, or other hardware. What came of them is in
    build/matrix/matrix.html and matrix.json.

    Example: tsgen matrix --run --leg linux-aarch64
    """
    output.open_console(as_json=as_json, verbose=verbose)
    _refuse_two({"--run": run_them, f"--{system}": bool(system), "--merge": bool(merge)})
    if jobs and not run_them:
        raise ConfigError("--jobs goes with --run only", hint="`tsgen matrix --run --jobs 2`")
    root, given = folder.absolute(), options.given(words, folder.absolute())
    if run_them:
        pipeline.prepare(root, given)
        default = max(1, (os.cpu_count() or 1) // _CORES_A_LEG)
        _ended(
            matrix.run(root, given, pattern=pattern, jobs=jobs or default), root, as_json=as_json, named=bool(pattern)
        )
    elif merge:
        _ended(matrix.merge(root, given, merge.absolute()), root, as_json=as_json)
    elif system:
        jobs_of_system = matrix.jobs_for(root, given, system, pattern)
        for text in jobs_of_system.left_out:
            click.echo(f"note: {readable(text)}", err=True)
        click.echo(jobs_of_system.text.rstrip("\n"))
    else:
        found = matrix.plan(root, given, pattern)
        output.document(found) if as_json else _show(found)


def _refuse_two(chosen: dict[str, bool]) -> None:
    both = [name for name, is_set in chosen.items() if is_set]
    if len(both) > 1:
        raise ConfigError(f"{both[0]} and {both[1]} are two different things to do", hint="leave one out")


def _show(plan: MatrixPlan) -> None:
    rows = [
        [each.name, each.strategy or "-", WORDS[each.target_state], "; ".join(filter(None, (each.reason, each.hint)))]
        for each in plan.legs
    ]
    console.table(["leg", "strategy", "becomes here", "why no more"], rows)
    done = sum(bool(each.strategy) for each in plan.legs)
    console.line(f"\n  {done} of {len(rows)} legs run here:  tsgen matrix --run")


def _ended(report: MatrixReport, root: Path, *, as_json: bool, named: bool = False) -> None:
    """The way it ends: with the exit code of what failed, or of a leg that was named and could not be done."""
    if as_json:
        output.document(report)
    states = [result.state for result in report.legs]
    counts = ", ".join(f"{states.count(state)} {word}" for state, word in WORDS.items() if state in states)
    console.line(f"\n  {counts}:  {results.folder(root) / results.PAGE}")
    if failed := matrix.failures(report):
        parity = any(result.parity and not result.parity.passed for result in failed)
        sys.exit(ParityError.exit_code if parity else BuildError.exit_code)
    if named and not any(state in results.DONE for state in states):
        sys.exit(ToolMissingError.exit_code)
