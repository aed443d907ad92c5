"""The whole inspection on one page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch

from ..progress import progress
from ..sources import torchscript_file
from . import archive, code, graphs, opening, operators, schemas, signed, tensors

if TYPE_CHECKING:
    from .archive import Archive
    from .request import InspectRequest


def inspect(request: InspectRequest) -> dict[str, Any]:
    """The response. A file whose operators are not here is told from its archive alone. Raises Problem."""
    progress("read the archive")
    torchscript_file.check(request.path)
    found = archive.read(request.path)
    missing = opening.bring(request.op_libraries, request.path)
    known = _unloaded(found, request) if missing else _loaded(request)
    return {
        "ok": True,
        "loaded": not missing,
        "missing_operators": missing,
        "bytes": request.path.stat().st_size,
        "file_version": found.file_version,
        "archive": found.sizes,
        "read_by": str(torch.__version__),
        "signature": signed.parse(found.signature) if found.signature is not None else None,
        **known,
    }


def _loaded(request: InspectRequest) -> dict[str, Any]:
    progress("load the model")
    module = opening.read(request.path)
    each = tensors.tensors(module)
    return {
        "class": tensors.class_of(module),
        "methods": schemas.methods(module),
        "tensors": each,
        "modules": tensors.submodules(module, each),
        "operators": operators.described(operators.called(module)),
        "code": code.of_module(module) if request.code else None,
        "text": graphs.text(module) if request.text else None,
        "graphs": graphs.graphs(module) if request.graph else None,
    }


def _unloaded(found: Archive, request: InspectRequest) -> dict[str, Any]:
    return {
        "class": "",
        "methods": [],
        "tensors": [],
        "modules": [],
        "operators": operators.described(found.calls()),
        "code": code.of_archive(found) if request.code else None,
        "text": None,
        "graphs": None,
    }
