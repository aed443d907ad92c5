"""torchvision's models by name. Nothing is downloaded unless the DEFAULT weights are asked for."""

from __future__ import annotations

import inspect
from functools import partial
from typing import TYPE_CHECKING, Any, Callable

from ..host.seed import seed_everything
from ..messages import Problem
from ..suggest import did_you_mean
from ..weights.load import load_named
from . import library, room, torchvision_examples, torchvision_quantized
from .loaded import Loaded

if TYPE_CHECKING:
    from ..aliases import Model
    from ..messages import ExportRequest

_OURS = ("weights", "progress", "kwargs")


def load(request: ExportRequest) -> Loaded:
    models = library.imported("torchvision", request).models
    name = request.source["name"]
    builder = _builder(models, name)
    model = _build(models, name, builder, request)
    weights = load_named(model, request)
    return Loaded(
        model=model,
        example=lambda: torchvision_examples.example(models, name, builder),
        fresh=request.weights == "none",
        files=weights.files,
        notes=weights.notes,
    )


def _builder(models: Any, name: str) -> Callable[..., Any]:
    if name not in models.list_models():
        raise Problem(
            "unknown_model",
            f"torchvision has no model {name!r}",
            did_you_mean(name, models.list_models())
            or "a model of your own is named like package.module:factory or path/to/file.py:factory; "
            "timm's are timm:NAME, those of transformers hf:NAME",
        )
    builder: Callable[..., Any] = models.get_model_builder(name)
    return builder


def _build(models: Any, name: str, builder: Callable[..., Any], request: ExportRequest) -> Model:
    known = [key for key in inspect.signature(builder).parameters if key not in _OURS]
    takes = f"{name} takes {', '.join([*known, 'and what its class takes'])}"
    arguments = {**_no_download(builder), **request.model_args}
    arguments["weights"] = "DEFAULT" if request.weights == "DEFAULT" else None
    fresh = request.weights == "none"
    if fresh and torchvision_quantized.wanted(builder, arguments):
        build = partial(torchvision_quantized.build, models, name, arguments, request.seed)
    else:
        build = partial(models.get_model, name, **arguments)
    if request.weights != "DEFAULT" and not arguments.get("quantize"):
        room.check(build, request)
    seed_everything(request.seed)
    with library.building(request, takes):
        return build()


def _no_download(builder: Callable[..., Any]) -> dict[str, Any]:
    """Segmentation and detection builders download their backbone's weights when not told otherwise."""
    return {key: None for key in inspect.signature(builder).parameters if key == "weights_backbone"}
