"""How a model becomes the files that a runtime takes: the best of them that computes what Python computes.

A new runtime is a module with a `choose`, and a line in RUNTIMES; what is its own besides has a room of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from ..choose import choose as torchscript
from . import aotinductor

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..attempt import Job
    from ..choose import Choice


class Runtime(Protocol):
    """Leaves the files in the request's output folder. Raises Problem."""

    def __call__(self, job: Job, /) -> Choice: ...


RUNTIMES: Mapping[str, Runtime] = {"torchscript": torchscript, "aotinductor": aotinductor.choose}
"""By the word that --runtime has for it."""
