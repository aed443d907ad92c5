"""A library of models that this Python may have or not, and its own refusals in the user's terms."""

from __future__ import annotations

import contextlib
import importlib
import os
import sys
import warnings
from typing import TYPE_CHECKING, Any

from ..messages import Problem
from ..users_code.failures import format_error
from ..users_code.needs import is_memory, is_network
from ..users_code.torch_messages import BROKEN_DOWNLOAD

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..messages import ExportRequest

_OFFLINE = {"HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1"}
_QUIET = {
    "HF_HUB_DISABLE_PROGRESS_BARS": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "TOKENIZERS_PARALLELISM": "false",
    "TRANSFORMERS_NO_ADVISORY_WARNINGS": "1",
    "TRANSFORMERS_VERBOSITY": "error",
}


def imported(name: str, request: ExportRequest) -> Any:
    """Nothing is fetched from the Hugging Face Hub unless the DEFAULT weights are asked for. Raises Problem."""
    os.environ.update(_QUIET if request.weights == "DEFAULT" else {**_QUIET, **_OFFLINE})
    try:
        with quiet(), _kept_compiled():
            return importlib.import_module(name)
    except ImportError as error:
        raise Problem(
            "no_torch",
            f"{request.label} needs {name}, which cannot be imported in this Python ({format_error(error)})",
            f"install it there (`pip install {name}`), or name the Python that has it: --python",
        ) from error
    except RuntimeError as error:  # "operator torchvision::nms does not exist"
        raise Problem(
            "no_torch",
            f"{name} does not fit the installed torch ({format_error(error)})",
            f"install the {name} that was released for this torch",
        ) from error


@contextlib.contextmanager
def _kept_compiled() -> Iterator[None]:
    """As Python does by itself: else what an installer left uncompiled would be compiled at every export."""
    before, sys.dont_write_bytecode = sys.dont_write_bytecode, bool(os.environ.get("PYTHONDONTWRITEBYTECODE"))
    try:
        yield
    finally:
        sys.dont_write_bytecode = before


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Hide the libraries' warnings in the block; what matters of them is said by us."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


@contextlib.contextmanager
def building(request: ExportRequest, takes: str) -> Iterator[None]:
    """What a library raises while it builds a model becomes a Problem; `takes` says what the model may be given."""
    try:
        with quiet(), _kept_compiled():
            yield
    except (KeyboardInterrupt, Problem):
        raise
    except Exception as error:
        if is_memory(error):
            raise
        if request.weights == "DEFAULT" and _is_download(error):
            raise _not_downloaded(request, error) from error
        message = f"{request.label} does not accept its arguments: {format_error(error)}"
        raise Problem("bad_input", message, f"check --model-arg; {takes}") from error


def _is_download(error: BaseException) -> bool:
    return isinstance(error, OSError) or is_network(error) or BROKEN_DOWNLOAD in str(error)


def _not_downloaded(request: ExportRequest, error: BaseException) -> Problem:
    return Problem(
        "bad_weights",
        f"the DEFAULT weights of {request.label} cannot be downloaded ({format_error(error)})",
        "try again with a network, give a file (--weights FILE), or use --weights none",
    )


def reraise_memory(error: BaseException) -> None:
    if is_memory(error):
        raise error
