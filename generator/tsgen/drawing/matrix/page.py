"""One HTML file that shows a matrix: it asks no network, and can be read without its script."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib.resources import files as package_files
from typing import TYPE_CHECKING
from urllib.parse import quote

from tsgen.console import summaries
from tsgen.console.meter import size
from tsgen.drawing.matrix import bars, numbers, overview
from tsgen.drawing.matrix.legs import TITLES, anchor, emulated, naming, tag
from tsgen.drawing.matrix.parity import parity, worst
from tsgen.types import FLOORS_ALLOWED
from tsgen.types.matrix import WORDS

if TYPE_CHECKING:
    from jinja2 import Environment

    from tsgen.types.matrix import MatrixReport

_SCRIPT = "page.js"
_SHORT_HASH = 12


def matrix_page(report: MatrixReport) -> str:
    """`matrix.html`. What the report says is shown as text, whatever characters it has."""
    legs = report.legs
    names = naming([each.leg for each in legs])
    return (
        _environment()
        .get_template("page.html.j2")
        .render(
            report=report,
            legs=legs,
            names=names,
            verdict=overview.verdict(legs),
            counts=overview.counts(legs),
            grid=overview.grid(legs),
            reasons=overview.reasons(legs),
            parity=parity(legs),
            call_times=bars.times(legs, bars.call),
            cold_starts=bars.times(legs, bars.cold_start),
            sizes=bars.sizes(legs),
        )
    )


@cache
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined  # noqa: PLC0415 - few commands need it

    made = Environment(
        autoescape=True,
        loader=PackageLoader("tsgen.drawing", "matrix"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.update(
        WORDS=WORDS, TITLES=TITLES, words=numbers, bars=bars, anchor=anchor, emulated=emulated, tag=tag, worst=worst,
        style=_text("page.css"), script=_text(_SCRIPT), script_hash=_script_hash(), short=_SHORT_HASH,
        allowed=FLOORS_ALLOWED,
    )  # fmt: skip
    made.filters.update(size=size, relative=_relative, verdict=summaries.verdict, no_floor=summaries.no_floor)
    return made


def _script_hash() -> str:
    """The hash of the only script that the page lets a browser run."""
    return base64.b64encode(hashlib.sha256(_text(_SCRIPT).encode()).digest()).decode()


def _text(file: str) -> str:
    return (package_files("tsgen.drawing") / "matrix" / file).read_text(encoding="utf-8")


def _relative(path: str) -> str:
    """A link below the page's own folder: `javascript:` or `//host` in a report lead nowhere else."""
    return "./" + quote(path)
