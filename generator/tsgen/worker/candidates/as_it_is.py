"""A model that is TorchScript already is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .exported import Exported

if TYPE_CHECKING:
    from .subject import Subject


def export(subject: Subject) -> Exported:
    return Exported(subject.model)
