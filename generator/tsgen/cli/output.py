"""How a command's end looks: words for people, or one JSON document on stdout."""

from __future__ import annotations

import sys
from contextlib import suppress
from typing import Any

import click

from tsgen import console
from tsgen.console.readable import harmless, readable
from tsgen.system import codec
from tsgen.types import ErrorReport, Failure


def open_console(*, as_json: bool, verbose: bool) -> None:
    """Install the console that fits where stdout goes."""
    if as_json:
        console.current.set(console.Json())
    elif sys.stdout and sys.stdout.isatty() and not verbose:
        console.current.set(console.Live())
    else:
        console.current.set(console.Lines(verbose=verbose))


def document(value: Any, *, whole: bool = False) -> None:
    """Print a dataclass as the one JSON document of the command; `whole` keeps what is None, as null."""
    click.echo(codec.text_of(plain(value, whole=whole)), nl=False)


def plain(value: Any, *, whole: bool = False) -> Any:
    """`value` in JSON's types; what is None at the top was not part of this command and is left out."""
    return {key: item for key, item in codec.plain(value).items() if whole or item is not None}


def failure(error: Any, code: int, *, as_json: bool) -> None:
    """Message, details and hint on stderr; with --json also a document on stdout."""
    report = ErrorReport(code=code, message=readable(error.message), hint=readable(error.hint), details=error.details)
    if as_json:
        with suppress(OSError):  # stdout itself may be what failed
            document(Failure(error=report, parity=getattr(error, "report", None)))
    if report.details:
        click.echo("\n".join(f"    {harmless(line)}" for line in report.details.splitlines()), err=True)
    click.echo(f"{click.style('error:', fg='red', bold=True)} {report.message}", err=True)
    if report.hint:
        click.echo(f"{click.style('hint:', bold=True)} {report.hint}", err=True)
