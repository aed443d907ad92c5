from __future__ import annotations

import shlex
from pathlib import Path
from typing import Any

import click

from tsgen import libtorch, model, pipeline, render
from tsgen.cli import options, output
from tsgen.cli.ready import announce
from tsgen.config import Config, from_table


@click.command("new")
@click.argument("name")
@click.option("--model", required=True, metavar="SPEC", envvar="TSGEN_MODEL", show_envvar=True, help=(
    "A torchvision name, timm:NAME, hf:FOLDER or hf:CLASS of transformers, package.module:factory, "
    "path/to/file.py:factory, or a TorchScript file."
))  # fmt: skip
@options.model_options
@options.libtorch_options
@click.option(
    "--output",
    "parent",
    type=click.Path(path_type=Path),
    default=".",
    envvar="TSGEN_OUTPUT",
    show_envvar=True,
    help="Where NAME is made.",
)
@options.lfs_option
@click.option("--force", is_flag=True, help="Write the template's files over an existing project; other files stay.")
@click.option("--no-build", is_flag=True, help="Only render the project.")
@options.output_options
def command(
    *, name: str, parent: Path, force: bool, no_build: bool, as_json: bool, verbose: bool, **words: Any
) -> None:
    """Make a C++ project from a model, build it, and prove that it computes the same numbers.

    Example: tsgen new myapp --model resnet18
    """
    output.open_console(as_json=as_json, verbose=verbose)
    render.check_name(name)
    parent = parent.expanduser().absolute()
    config = config_of(name, parent / name, words)
    try:
        outcome = pipeline.new(config, parent, force=force, build_it=not no_build)
    except KeyboardInterrupt:
        raise KeyboardInterrupt(_way_on(parent / name, force=force)) from None
    announce(outcome, as_json=as_json)


def _way_on(target: Path, *, force: bool) -> str:
    """With --force the project may be the one from before."""
    if force or not (target / "tsgen.toml").is_file():
        return "nothing was kept: the same `tsgen new` begins again"
    return f"`tsgen build {shlex.quote(str(target))}` goes on from there"


def config_of(name: str, home: Path, words: dict[str, Any]) -> Config:
    """The Config of a project that will stand at `home`; what can be checked before anything is written, is."""
    config = from_table({"name": name, **options.given(words, home)}, where="the command line")
    libtorch.check_word(config.libtorch)
    model.parse_args(config.model_args)
    model.parse_inputs(config.inputs)
    return config
