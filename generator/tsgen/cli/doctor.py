from __future__ import annotations

import shutil
import sys
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tsgen import console, doctor
from tsgen.cli import options, output
from tsgen.commands import doctor as checkup
from tsgen.errors import ToolMissingError

if TYPE_CHECKING:
    from tsgen.doctor.findings import Diagnosis, Explained, Explanation, Finding

TOPIC, STATE, WIDTH = 14, 11, 110


@click.command("doctor")
@options.python_option
@click.option("--offline", is_flag=True, help="Do not ask whether a package index is reached.")
@click.option(
    "--explain",
    "log",
    metavar="LOGFILE",
    type=click.Path(path_type=Path, allow_dash=True),
    help="Explain the well-known messages in the log of a build or a run instead; - is stdin.",
)
@options.output_options
def command(*, python: str | None, offline: bool, log: Path | None, as_json: bool, verbose: bool) -> None:
    """Say what is on this machine, what is missing for building projects, and what to do about it.

    Ends with exit code 6 when a project for the CPU cannot be built here; what only --device cuda needs is no failure.
    """
    output.open_console(as_json=as_json, verbose=verbose)
    if log:
        explanation = doctor.explain(None if str(log) == "-" else log)
        output.document(explanation) if as_json else _tell_explanation(explanation)
        return
    diagnosis = _looked(python, offline=offline)
    output.document(diagnosis, whole=True) if as_json else _tell(diagnosis)
    if not diagnosis.builds:
        sys.exit(ToolMissingError.exit_code)


def _looked(python: str | None, *, offline: bool) -> Diagnosis:
    console.current.get().begin("Look")
    try:
        return checkup.diagnose(python, offline=offline)
    finally:
        console.current.get().abandon()


def _tell(diagnosis: Diagnosis) -> None:
    """What keeps a project from being built first, then what else is amiss, then the rest."""
    order = {True: 0, False: 1}
    for finding in sorted(diagnosis.findings, key=lambda each: (order[each.blocking], each.state == "ok")):
        _tell_finding(finding)
    console.line("")
    for answer in diagnosis.devices:
        _lines(f"  --device {answer.device:<6} ", answer.words)


def _tell_finding(finding: Finding) -> None:
    mark = "!" if finding.blocking else " "
    indent = " " * (2 + TOPIC + 1 + STATE + 1)
    _lines(f"{mark} {finding.topic:<{TOPIC}} {finding.state:<{STATE}} ", finding.found)
    if finding.state != "ok":
        _lines(f"{indent}needed: ", finding.needed)
        # In one piece, since most of it is a command to copy.
        console.line(f"{indent}fix: {finding.fix}") if finding.fix else None


def _lines(label: str, text: str) -> None:
    """`text` beside `label`, broken where the terminal ends; never within a word, which may be one to copy."""
    if not text:
        return
    width = min(WIDTH, shutil.get_terminal_size((WIDTH, 24)).columns)
    lines = textwrap.wrap(text, max(width - len(label), 30), break_long_words=False, break_on_hyphens=False)
    for number, line in enumerate(lines):
        console.line((label if not number else " " * len(label)) + line)


def _tell_explanation(explanation: Explanation) -> None:
    if not explanation.messages:
        console.line(f"  none of the {explanation.known} messages that tsgen knows is in {explanation.log}")
        console.line(f"  ({explanation.lines} lines; it knows them in English, which compilers speak with LC_ALL=C)")
        return
    for message in explanation.messages:
        _tell_message(message)


def _tell_message(message: Explained) -> None:
    times = f", {message.times} times" if message.times > 1 else ""
    console.line(f"  line {message.line}{times}: {message.text}")
    _lines("    cause: ", message.cause)
    _lines("    fix:   ", message.fix)
    _lines("    see:   ", message.source + (f" (torch {message.versions})" if message.versions else ""))
    console.line("")
