"""Where a model comes from. A new source is a module with a `load`, and a line in SOURCES."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from ..messages import Problem
from . import hf_models, python_object, timm_models, torchscript_file, torchvision_models

if TYPE_CHECKING:
    from ..messages import ExportRequest
    from .loaded import Loaded


class Source(Protocol):
    """Builds or loads the model of a request, its weights included; raises Problem."""

    def __call__(self, request: ExportRequest, /) -> Loaded: ...


SOURCES: dict[str, Source] = {
    "torchvision": torchvision_models.load,
    "timm": timm_models.load,
    "hf": hf_models.load_by_name,
    "hf_folder": hf_models.load_folder,
    "module": python_object.load_module,
    "file": python_object.load_file,
    "torchscript": torchscript_file.load,
}


def load(request: ExportRequest) -> Loaded:
    kind = request.source["kind"]
    if kind not in SOURCES:
        raise Problem("unsupported", f"this worker knows no model source {kind!r}")
    return SOURCES[kind](request)
