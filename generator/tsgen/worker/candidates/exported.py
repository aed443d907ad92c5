"""What an export method returns, or why it returns nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ..reasons import Reason

if TYPE_CHECKING:
    from ..reasons import ReasonKind, Speaker
    from ..users_code.frozen import Frozen


@dataclass(frozen=True)
class Exported:
    module: Any
    frozen: tuple[Frozen, ...] = ()
    flat: bool = False
    """forward takes the leaves in `takes` as tensors, by position, and returns a tuple of tensors."""
    takes: tuple[str, ...] = ()
    fixed: dict[str, Any] = field(default_factory=dict)
    """Numbers and strings of the example that became constants of the export, by path."""
    model: str = ""
    """The attribute that holds the user's model, when the module is a wrapper of ours."""
    traced: bool = False
    """Recorded from one run, in whole or for the most part."""
    left_out: dict[str, str] = field(default_factory=dict)
    """Exported methods that are not in it, and what was in their way."""

    def lacks(self, method: str) -> str:
        """The predicate of an export that has no such method."""
        return self.left_out.get(method, f"has no method {method}")


class NotExportableError(Exception):
    """A method cannot export this model."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.sentence)
        self.reason = reason


def unfit(kind: ReasonKind, text: str, speaker: Speaker = "making") -> NotExportableError:
    """The method is not for such a model."""
    return NotExportableError(Reason(kind, text, stage="unfit", speaker=speaker))


def unmade(kind: ReasonKind, text: str, speaker: Speaker = "making") -> NotExportableError:
    """The method comes to nothing that could be judged."""
    return NotExportableError(Reason(kind, text, stage="unmade", speaker=speaker))
