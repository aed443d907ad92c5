"""export(request) -> Artifact: the model leaves Python, with cases that say what it must compute."""

from __future__ import annotations

from tsgen.model.export import ExportRequest, export, install, request_of
from tsgen.model.freshness import Freshness, freshness, is_the_locked_one, record
from tsgen.model.input_words import parse_inputs
from tsgen.model.manifest import changed_files, read, write_index
from tsgen.model.spec import parse_args, parse_model, rebased

__all__ = [
    "ExportRequest",
    "Freshness",
    "changed_files",
    "export",
    "freshness",
    "install",
    "is_the_locked_one",
    "parse_args",
    "parse_inputs",
    "parse_model",
    "read",
    "rebased",
    "record",
    "request_of",
    "write_index",
]
