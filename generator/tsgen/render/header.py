"""include/NAME/model.hpp: rendered when what it is made of has changed. Jinja takes a tenth of a second."""

from __future__ import annotations

from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from tsgen.errors import RenderError
from tsgen.render import templates
from tsgen.system import files, stat_cache

if TYPE_CHECKING:
    from tsgen.types import Artifact


def api(artifact: Artifact, name: str) -> str:
    """The typed header of the model: templates/api/model.hpp.j2 filled from the signature."""
    from tsgen.render import typed_api  # noqa: PLC0415

    return typed_api.api(artifact, name)


def write_api(artifact: Artifact, name: str, root: Path) -> bool:
    """Write the model's typed header into the project; return whether it changed. Raises RenderError."""
    header = root / "include" / name / "model.hpp"
    renders = [*(templates.template_dir() / "api").iterdir(), *Path(__file__).parent.glob("*.py")]
    write = partial(_write, artifact, name, header)
    return bool(stat_cache.remembered("header", [header, *sorted(renders)], write, given=_facts(artifact, name)))


def _facts(artifact: Artifact, name: str) -> str:
    """A digest of all that is known of the artifact but where it lies and what was measured."""
    facts = asdict(replace(artifact, cases=()))
    return files.digest_of({**facts, "path": "", "name": name})


def _write(artifact: Artifact, name: str, header: Path) -> bool:
    from jinja2 import TemplateError  # noqa: PLC0415

    try:
        text = api(artifact, name)
    except TemplateError as error:
        raise RenderError(f"the typed API could not be rendered: {error!r}", hint="install tsgen again") from error
    return files.write_if_changed(header, text)
