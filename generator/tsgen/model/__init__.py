"""export(request) -> Artifact: the model leaves Python, with cases that say what it must compute."""

from __future__ import annotations

from tsgen.model.devices import require_movable, unchecked
from tsgen.model.export import export, install, request_of
from tsgen.model.floors import float64_of
from tsgen.model.freshness import Freshness, freshness, is_the_locked_one, record, refuse_when_locked, require_locked
from tsgen.model.inputs import parse_inputs
from tsgen.model.manifest import changed_files, read, write_index
from tsgen.model.spec import parse_args, parse_model, rebased
from tsgen.model.times import keep as keep_times
from tsgen.model.times import read_project

__all__ = [
    "Freshness",
    "changed_files",
    "export",
    "float64_of",
    "freshness",
    "install",
    "is_the_locked_one",
    "keep_times",
    "parse_args",
    "parse_inputs",
    "parse_model",
    "read",
    "read_project",
    "rebased",
    "record",
    "refuse_when_locked",
    "request_of",
    "require_locked",
    "require_movable",
    "unchecked",
    "write_index",
]
