from __future__ import annotations

import click

from tsgen.cli import output
from tsgen.console import line
from tsgen.errors import UnsafeError
from tsgen.libtorch import stored


@click.command("verify")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
def command(*, as_json: bool) -> None:
    """Hash every file in the store again and compare it with what was stored; exit 9 when one differs."""
    output.open_console(as_json=as_json, verbose=False)
    verified = stored.verify()
    bad = {name: problems for name, problems in verified.problems.items() if problems}
    if as_json and not bad:
        output.document(verified)
    for name in verified.problems.keys() - bad.keys():
        line(f"  whole     {name}")
    if not verified.problems:
        line(f"  the store is empty: {verified.store}")
    if bad:
        details = "\n".join(f"{name}: {problem}" for name, problems in bad.items() for problem in problems)
        raise UnsafeError(
            f"{len(bad)} of {len(verified.problems)} in the store are not what was fetched",
            hint=f"remove them (tsgen libtorch prune --name {next(iter(bad))}) and fetch them again",
            details=details,
        )
