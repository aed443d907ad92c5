"""What a program is seen to write when it runs: a second opinion, of the values that were tried alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import torch

from ..values import trees
from ..values.compare import times_written

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..aliases import ScriptModule, TorchTensor


class _Held(NamedTuple):
    tensor: Any
    place: int
    changes: int
    copy: Any


class Watch:
    """What of a module and its inputs calls have changed since the watch was made.

    `by_value`: numbers are compared too, because an operator that is not torch's may write without telling torch.
    """

    def __init__(self, module: ScriptModule, *, by_value: bool) -> None:
        self._module = module
        self._by_value = by_value
        self._before = {name: self._seen(tensor) for name, tensor in _tensors(module).items()}
        self.inputs: set[str] = set()
        """The paths of those that were changed in place."""

    def saw(self, given: Mapping[str, Any], passed: Mapping[str, Any]) -> None:
        """`passed`: new copies of what was given, after the call."""
        pairs = zip(trees.leaves(given), trees.leaves(passed))
        tensors = [(path, old, new) for (path, old), (_, new) in pairs if isinstance(new, torch.Tensor)]
        self.inputs |= {
            path for path, old, new in tensors if times_written(new) or (self._by_value and _differ(old, new))
        }

    def state(self) -> set[str]:
        """The tensors of the model that are not what they were."""
        after = _tensors(self._module)
        return {name for name, held in self._before.items() if name not in after or self._differs(held, after[name])}

    def _seen(self, tensor: TorchTensor) -> _Held:
        return _Held(tensor, _place(tensor), times_written(tensor), tensor.clone() if self._by_value else None)

    def _differs(self, held: _Held, now: Any) -> bool:
        if (held.place, held.changes) != (_place(now), times_written(now)):
            return True
        return self._by_value and _differ(held.copy, now)


def _tensors(module: ScriptModule) -> dict[str, Any]:
    """A tensor that is a plain attribute counts among the buffers of a loaded module."""
    return dict([*module.named_parameters(), *module.named_buffers()])


def _place(tensor: TorchTensor) -> int:
    return int(tensor.data_ptr()) if tensor.layout == torch.strided and not tensor.is_meta else 0


def _differ(old: Any, new: Any) -> bool:
    return not torch.equal(*(each.nan_to_num() if each.is_floating_point() else each for each in (old, new)))
