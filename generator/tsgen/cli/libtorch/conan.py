from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import click

from tsgen import pipeline
from tsgen.cli import options, output
from tsgen.console import Steps, line
from tsgen.errors import ConfigError
from tsgen.libtorch import conan
from tsgen.project import lock

if TYPE_CHECKING:
    from tsgen.libtorch.conan import How


@click.command("conan")
@click.argument("folder", metavar="[DIR]", type=click.Path(path_type=Path), default=".")
@click.option("--editable", "how", flag_value="editable", default=True, help="Use it where it lies.  [the default]")
@click.option("--export-pkg", "how", flag_value="export-pkg", help="Copy it into Conan's cache.")
@options.libtorch_options
@options.output_options
def command(*, folder: Path, how: str, as_json: bool, verbose: bool, **words: Any) -> None:
    """Make the LibTorch of the project in DIR a package of the local Conan, `libtorch-prebuilt`.

    Then `conan install .` in the project finds what its conanfile.py requires.
    """
    output.open_console(as_json=as_json, verbose=verbose)
    folder, steps = folder.absolute(), Steps()
    if (folder / "tsgen.toml").is_file() and not lock.pins(folder):
        raise ConfigError(
            f"{folder} has no {lock.FILE_NAME}, from which its conanfile.py takes the LibTorch it requires",
            hint="run `tsgen build` first",
        )
    found = pipeline.resolve(folder, options.given(words, folder), steps)
    with steps("Register") as step:
        reference = conan.register(found, cast("How", how))
        step.done(f"{reference} · variant {found.accelerator} · {how}")
    if as_json:
        output.document(found, whole=True)
    else:
        line("  conan install .   in the project takes it")
