"""`--preprocess`: the model becomes one that takes uint8 images, its preprocessing baked in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..failures import said
from ..progress import progress
from ..protocol import Problem
from . import words

if TYPE_CHECKING:
    from ..protocol import Request
    from ..sources.loaded import Loaded


def applied(loaded: Loaded, request: Request) -> Loaded:
    """Raises Problem for a preprocessing that is unknown or cannot be baked."""
    wanted = words.parse(request.preprocess)
    progress(f"bake the preprocessing {request.preprocess}")
    try:
        from . import bake  # noqa: PLC0415 - only here is torchvision needed
    except (ImportError, RuntimeError) as error:
        raise Problem(
            "no_torch",
            f"--preprocess needs torchvision's transforms, which cannot be imported in this Python ({said(error)})",
            "install the torchvision that was released with the installed torch",
        ) from error
    return bake.baked_in(loaded, request, wanted)
