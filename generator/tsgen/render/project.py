"""The project from the cookiecutter template.

The only module that imports cookiecutter. Its stage functions are called one by one: the documented entry point
reads the user's ~/.cookiecutterrc, writes to HOME, and drops unknown keys in silence.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from tsgen.errors import ConfigError, RenderError
from tsgen.render import templates
from tsgen.render.names import check_name
from tsgen.system import files

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tsgen.config import Config

_SEPARATOR = ";"


def project(config: Config, parent: Path) -> Path:
    """Render the project into a new folder of `parent` and return it; hooks do not run.

    Raises ConfigError for a bad name or value, RenderError when the template fails or the files cannot be written.
    """
    from cookiecutter.exceptions import CookiecutterException  # noqa: PLC0415 - half of tsgen's start, needed only here
    from cookiecutter.generate import generate_context, generate_files  # noqa: PLC0415
    from cookiecutter.prompt import prompt_for_config  # noqa: PLC0415
    from jinja2 import TemplateError  # noqa: PLC0415

    check_name(config.name)
    _check_value("--output", str(parent))
    template = templates.template_dir() / "cpp"
    try:
        context = generate_context(str(template / "cookiecutter.json"), extra_context=_context(config))
        context["cookiecutter"] = prompt_for_config(context, no_input=True)
        with files.writing(parent, RenderError):
            made = Path(generate_files(str(template), context, output_dir=str(parent), accept_hooks=False))
            _drop_bytecode(made)
    except (CookiecutterException, TemplateError, ValueError) as error:
        # cookiecutter's own text goes on with its whole context.
        first, _, rest = str(error).partition(" Error message: ")
        details = rest.partition(" Context: ")[0]
        raise RenderError(
            f"the template could not be rendered: {first}", hint="install tsgen again", details=details
        ) from error
    return made


def _drop_bytecode(root: Path) -> None:
    """What pip installs it compiles, the template's Python files too, and cookiecutter takes all that is there."""
    for folder in [*root.rglob("__pycache__")]:
        shutil.rmtree(folder)
    for path in [*root.rglob("*.pyc")]:
        path.unlink()


def _context(config: Config) -> dict[str, str]:
    context = {
        "project_slug": config.name,
        "model": config.model,
        "model_args": _joined(config.model_args, "--model-arg"),
        "weights": config.weights,
        "inputs": _joined(config.inputs, "--input"),
        "method": config.method,
        "tune": config.tune,
        "runtime": config.runtime,
        "packaged": str(config.packaged).lower(),
        "seed": str(config.seed),
        "reinit_weights": str(config.reinit_weights).lower(),
        "unsafe_pickle": str(config.unsafe_pickle).lower(),
        "preprocess": config.preprocess,
        "op_libraries": _joined(config.op_libraries, "--op-library"),
        "build_type": config.build_type,
        "compile_cache": config.compile_cache,
        "device": config.device,
        "libtorch": config.libtorch,
        "torch_version": config.torch_version,
        "accelerator": config.accelerator,
        "older_libtorch": str(config.older_libtorch).lower(),
        "platforms": _joined(config.platforms, "platforms"),
        "lfs": str(config.lfs).lower(),
    }
    # cookiecutter ignores a key it does not know; that would be our bug, not the user's.
    if unknown := set(context) - set(templates.defaults()):
        raise RenderError(f"the template has no {', '.join(sorted(unknown))}", hint="install tsgen again")
    for key, value in context.items():
        _check_value(key, value)
    return context


def _check_value(key: str, value: str) -> None:
    if not value.isprintable():
        raise ConfigError(f"{key}: {value!r} has control characters in it", hint="rename the file or folder it names")
    if any(mark in value for mark in ("{{", "{%", "{#")):
        raise ConfigError(f"{key}: `{value}` would be taken for a template", hint="rename the file or folder it names")


def _joined(items: Iterable[str], option: str) -> str:
    items = list(items)
    if clash := [item for item in items if _SEPARATOR in item]:
        raise ConfigError(f"{option}: `{clash[0]}` has a `{_SEPARATOR}` in it", hint="put the value into the factory")
    return _SEPARATOR.join(items)
