"""timm's models by name: `timm:resnet18`. Nothing is downloaded unless the DEFAULT weights are asked for."""

from __future__ import annotations

import inspect
from functools import partial
from typing import TYPE_CHECKING, Any

from ..host.seed import seed_everything
from ..messages import InputRequest, Problem
from ..suggest import did_you_mean
from ..weights.load import load_named
from . import library, room
from .loaded import Example, Loaded

if TYPE_CHECKING:
    from ..aliases import Model
    from ..messages import ExportRequest

USUAL_SIZE = (3, 224, 224)
"""Where a model's configuration says nothing."""
_OURS = ("pretrained", "pretrained_cfg", "kwargs")


def load(request: ExportRequest) -> Loaded:
    timm = library.imported("timm", request)
    name = request.source["name"]
    _check_known(timm, name)
    model = _build(timm, name, request)
    weights = load_named(model, request)
    return Loaded(
        model=model,
        example=lambda: _example(model, request),
        fresh=request.weights == "none",
        files=weights.files,
        notes=weights.notes,
    )


def _check_known(timm: Any, name: str) -> None:
    if timm.is_model(name):
        return
    guess = did_you_mean(name, timm.list_models())
    raise Problem("unknown_model", f"timm has no model {name!r}", guess or "timm.list_models() lists its names")


def _build(timm: Any, name: str, request: ExportRequest) -> Model:
    entrypoint = timm.model_entrypoint(name.partition(".")[0])
    known = [key for key in inspect.signature(entrypoint).parameters if key not in _OURS]
    takes = f"{name} takes {', '.join([*known, 'num_classes', 'in_chans', 'and what its class takes'])}"
    arguments = {key: value for key, value in request.model_args.items() if key != "pretrained"}
    build = partial(timm.create_model, name, pretrained=False, **arguments)
    room.check(build, request)
    seed_everything(request.seed)
    with library.building(request, takes):
        if request.weights != "DEFAULT":
            return build()
        _check_published(timm, name)
        return timm.create_model(name, pretrained=True, **arguments)


def _check_published(timm: Any, name: str) -> None:
    if not timm.models.is_model_pretrained(name):
        message = f"timm has no DEFAULT weights for {name}"
        raise Problem("bad_weights", message, "give a file (--weights FILE) or use --weights none")


def _example(model: Model, request: ExportRequest) -> Example:
    """An example of the size the weights were made for: a model that takes other sizes too is told so with --input."""
    said = getattr(model, "pretrained_cfg", None) or {}
    channels, height, width = said.get("input_size") or USUAL_SIZE
    size = request.model_args.get("img_size")
    if size is not None:
        height, width = (size, size) if isinstance(size, int) else (int(size[0]), int(size[-1]))
    channels = request.model_args.get("in_chans", channels)
    return Example((InputRequest(None, None, ("N", int(channels), int(height), int(width))),))
