from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tsgen import console
from tsgen.cli import options, output
from tsgen.commands import update
from tsgen.errors import ConfigError

if TYPE_CHECKING:
    from tsgen.types.update import Stand, Update


@click.command("update")
@click.argument("folder", metavar="[DIR]", type=click.Path(path_type=Path), default=".")
@click.option(
    "--check", is_flag=True, help="Change nothing; fail when the library was edited or is another than tsgen's."
)
@click.option("--force", is_flag=True, help="Replace an edited or a newer library; keep what does not build or prove.")
@options.libtorch_options
@options.output_options
def command(*, folder: Path, check: bool, force: bool, as_json: bool, verbose: bool, **words: Any) -> None:
    """Replace third_party/tsgen of a project by this tsgen's, and prove the project before and after.

    What does not build or prove afterwards is taken back. A project of tsgen 0.1.0 is moved to today's form; files of
    its that you changed are kept beside.
    """
    output.open_console(as_json=as_json, verbose=verbose)
    if check and force:
        raise ConfigError("--check changes nothing, --force does", hint="leave out one of the two")
    root = folder.absolute()
    given = options.given(words, root)
    done = update.check(root, given) if check else update.update(root, given, force=force)
    output.document(done) if as_json else console.line(f"  {_conclusion(done)}")


def _conclusion(done: Update) -> str:
    if done.action == "none":
        return f"third_party/tsgen is {done.after.version} as this tsgen brings it, nothing to do"
    proof = f"before: {_proof(done.before)}; now: {_proof(done.after)}"
    return f"{done.project.name} has third_party/tsgen {done.after.version}, {proof}"


def _proof(stand: Stand) -> str:
    return "proven" if stand.parity else "not proven"
