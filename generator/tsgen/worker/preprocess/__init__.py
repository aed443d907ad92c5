"""`--preprocess`: the model becomes one that takes uint8 images, its preprocessing baked in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..messages import Problem
from ..progress import progress
from ..users_code.failures import format_error
from . import words

if TYPE_CHECKING:
    from ..messages import ExportRequest
    from ..sources.loaded import Loaded


def applied(loaded: Loaded, request: ExportRequest) -> Loaded:
    """Raises Problem for a preprocessing that is unknown or cannot be baked."""
    wanted = words.parse(request.preprocess)
    progress(f"bake the preprocessing {request.preprocess}")
    try:
        from . import bake  # noqa: PLC0415 - only here is torchvision needed
    except (ImportError, RuntimeError) as error:
        why = format_error(error)
        raise Problem(
            "no_torch",
            f"--preprocess needs torchvision's transforms, which cannot be imported in this Python ({why})",
            "install the torchvision that was released with the installed torch",
        ) from error
    return bake.baked_in(loaded, request, wanted)
