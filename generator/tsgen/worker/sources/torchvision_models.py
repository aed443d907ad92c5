"""torchvision's models by name. Nothing is downloaded unless the DEFAULT weights are asked for."""

from __future__ import annotations

import inspect
import warnings
from typing import TYPE_CHECKING, Any, Callable

from ..failures import said
from ..protocol import InputRequest, Problem
from ..suggest import did_you_mean
from ..weights import load_file
from .loaded import Example, Loaded

if TYPE_CHECKING:
    from ..protocol import Dim, Request

FRAMES = 16
"""Of a clip, when the weights do not say: torchvision's own video training uses 16."""
SEGMENTATION_SIZE = 224
"""Height and width of the example; both are dynamic, and its training size (520) would only be slow."""

_NO_TENSOR = {
    "detection": (
        "{name} is a detection model: it takes a list of images, not a tensor",
        "wrap it in a module of your own that takes one tensor, and name that: file.py:factory",
    ),
    "optical_flow": (
        "{name} is an optical-flow model: it takes two images, whose size is not known here",
        "give both: --input image1=Nx3x128x128 --input image2=Nx3x128x128",
    ),
}


def load(request: Request) -> Loaded:
    models = _torchvision()
    name = request.source["name"]
    builder = _builder(models, name)
    fresh = request.weights == "none"
    model = _build(models, name, builder, request)
    files = load_file(model, request.weights) if request.weights not in ("none", "DEFAULT") else ()
    return Loaded(
        model=model,
        example=lambda: _example(models, name, builder),
        no_example=_why_none(name, builder),
        fresh=fresh,
        files=files,
    )


def _torchvision() -> Any:
    try:
        import torchvision.models  # noqa: PLC0415 - only these sources need torchvision, and it takes a second
    except ImportError as error:
        raise Problem(
            "no_torch",
            f"torchvision cannot be imported in this Python ({said(error)})",
            "install torchvision there, or name a model of your own: file.py:factory",
        ) from error
    except RuntimeError as error:  # "operator torchvision::nms does not exist"
        raise Problem(
            "no_torch",
            f"torchvision does not fit the installed torch ({said(error)})",
            "install the torchvision that was released with this torch",
        ) from error
    return torchvision.models


def _builder(models: Any, name: str) -> Callable[..., Any]:
    if name not in models.list_models():
        raise Problem(
            "unknown_model",
            f"torchvision has no model {name!r}",
            did_you_mean(name, models.list_models())
            or "a model of your own is named like package.module:factory or path/to/file.py:factory",
        )
    builder: Callable[..., Any] = models.get_model_builder(name)
    return builder


def _build(models: Any, name: str, builder: Callable[..., Any], request: Request) -> Any:
    arguments = {**_no_download(builder), **request.model_args}
    arguments["weights"] = "DEFAULT" if request.weights == "DEFAULT" else None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # googlenet and inception announce a change of their initialisation
            return models.get_model(name, **arguments)
    except OSError as error:  # URLError is one
        raise Problem(
            "bad_weights",
            f"the DEFAULT weights of {name} cannot be downloaded ({said(error)})",
            "give a file (--weights FILE) or use --weights none",
        ) from error
    except RuntimeError as error:
        if "invalid hash value" not in str(error):
            raise _refused(name, builder, error) from error
        raise Problem("bad_weights", f"the DEFAULT weights of {name} arrived damaged", "try again") from error
    except (TypeError, ValueError) as error:
        raise _refused(name, builder, error) from error


def _refused(name: str, builder: Callable[..., Any], error: Exception) -> Problem:
    known = [key for key in inspect.signature(builder).parameters if key not in ("weights", "progress", "kwargs")]
    return Problem(
        "bad_input",
        f"{name} does not accept its arguments: {said(error)}",
        f"check --model-arg; {name} takes {', '.join([*known, 'and what its class takes'])}",
    )


def _no_download(builder: Callable[..., Any]) -> dict[str, Any]:
    """Segmentation and detection builders download their backbone's weights when not told otherwise."""
    return {key: None for key in inspect.signature(builder).parameters if key == "weights_backbone"}


def _family(builder: Callable[..., Any]) -> str:
    """`detection`, `video`, ...; empty for classification, which lies in torchvision.models itself."""
    parts = builder.__module__.split(".")
    return next((part for part in parts if part in (*_NO_TENSOR, "video", "segmentation")), "")


def _why_none(name: str, builder: Callable[..., Any]) -> str:
    sentence, hint = _NO_TENSOR.get(_family(builder), ("", ""))
    return f"{sentence.format(name=name)}\n{hint}" if sentence else ""


def _example(models: Any, name: str, builder: Callable[..., Any]) -> Example | None:
    family = _family(builder)
    if family in _NO_TENSOR:
        return None
    weights = models.get_model_weights(name).DEFAULT
    crop = getattr(weights.transforms(), "crop_size", None)
    shape: tuple[Dim, ...] = ("N", 3, *_extent(family, crop, weights.meta))
    sizes = {"H": SEGMENTATION_SIZE, "W": SEGMENTATION_SIZE} if family == "segmentation" else {}
    return Example((InputRequest(None, None, shape, sizes),))


def _extent(family: str, crop: Any, meta: dict[str, Any]) -> tuple[Dim, ...]:
    if family == "segmentation":
        return ("H", "W")
    height, width = (int(crop[0]), int(crop[-1])) if crop else (224, 224)
    frames = (int(meta.get("min_temporal_size") or FRAMES),) if family == "video" else ()
    return (*frames, height, width)
