"""Whether a saved file runs on another device than the CPU, found out without having one.

The meta device has shapes and no numbers: inputs and weights are put there, and what is still on the CPU when they meet
would meet a GPU's tensors too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import torch

from ..artifact import model_file
from ..candidates.devices import nodes_of, surely_follow
from ..host.operator_mode import OperatorMode
from ..reference import eager
from ..users_code.failures import format_error, last_line, source_line
from ..users_code.frozen import recorded
from ..users_code.origin import is_users
from ..users_code.torch_messages import TORCHSCRIPT_TRACE, TWO_DEVICES
from ..values import trees
from ..values.flatten import leaves_in

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ..aliases import ScriptModule
    from ..candidates.exported import Exported
    from ..reference.eager import Probe

META = torch.device("meta")
_MIXING = {"copy_", "copy", "_to_copy", "_pad_packed_sequence"}
"""They take tensors of the CPU beside those of a GPU (aten/src/ATen/native/Copy.cpp, PackedSequence.cpp); so do those
below, in some places."""
_INDEXING = {"index", "index_put", "index_put_", "_index_put_impl_", "_unsafe_index", "_unsafe_index_put"}
"""Indices of the CPU: aten/src/ATen/native/TensorAdvancedIndexing.cpp."""
_PACK = "_pack_padded_sequence"
"""The lengths."""
ENOUGH = 1000
"""Numbers that one run may ask for."""
_QUANTIZED = "its quantized operators compute on the CPU alone"
_COMPILED = re.compile(r"File \"([^\"]+)\", line (\d+)")
_TRACED = re.compile(r"^\s*(.+)\((\d+)\): ", re.MULTILINE)


@dataclass(frozen=True)
class Devices:
    """Where a file can run. `why`: what keeps it on the CPU, or why nothing could be found out."""

    kind: Literal["any", "cpu", "unchecked"] = "any"
    why: str = ""


def check(path: Path, exported: Exported, entries: dict[str, Probe], *, quantized: bool) -> Devices:
    """`entries`: for each method, forward included, a call that it is tried with."""
    if quantized:
        return Devices("cpu", _QUANTIZED)
    if surely_follow(exported.module, list(entries)):
        return Devices()
    try:
        module = _on_meta(path)
    except Exception as error:  # noqa: BLE001 - torch raises what it likes here
        return Devices("unchecked", last_line(error))
    for name, probe in entries.items():
        found = _of_call(getattr(module, name), exported, probe)
        if found.kind != "any":
            return found
    return Devices()


def _on_meta(path: Path) -> ScriptModule:
    """Loaded as the program does it for a device, tensors in lists and in the code included."""
    with recorded(), _Watch(1):  # equal constants are looked for
        module = torch.jit.load(str(path), map_location="meta")
    numbers = model_file.load(path)
    for (part, name), graph in _graphs(module).items():
        known = _graphs(numbers)[part, name]
        for node, same in zip(nodes_of(graph), nodes_of(known)):
            if _is_number(node):
                node.t_("value", same.t("value"))
    return module


def _graphs(module: ScriptModule) -> dict[tuple[str, str], Any]:
    found = {}
    for path, part in module.named_modules():
        for name in part._c._method_names():  # noqa: SLF001
            found[path, name] = part._c._get_method(name).graph  # noqa: SLF001 - the live one
    return found


def _is_number(node: Any) -> bool:
    """A tensor without dimensions in the code: a GPU's has a value."""
    held = node.kind() == "prim::Constant" and node.hasAttribute("value") and node.kindOf("value") == "t"
    return bool(held) and node.t("value").dim() == 0


def _of_call(entry: Any, exported: Exported, probe: Probe) -> Devices:
    """A branch on a value goes both ways: numbers that are not there are ones, and zeros in a second run."""
    watch = _Watch(1)
    found = _of_run(entry, exported, probe, watch)
    if found.kind == "any" and watch.asked:
        return _of_run(entry, exported, probe, _Watch(0))
    return found


def _of_run(entry: Any, exported: Exported, probe: Probe, watch: _Watch) -> Devices:
    try:
        with torch.no_grad(), watch:
            if exported.flat:
                given = {leaf.name: leaf.tensor for leaf in leaves_in(probe.inputs)}
                entry(*(given[name].to(META) for name in exported.takes))
            else:
                eager.call_on(entry, {name: trees.mapped(_moved, value, name) for name, value in probe.call.items()})
    except Exception as error:  # noqa: BLE001 - as above
        if watch.met or TWO_DEVICES.search(str(error)):
            return Devices("cpu", _place(str(error)) or watch.met or last_line(error))
        return Devices("unchecked", format_error(watch.raised) if watch.raised else last_line(error))
    return Devices()


def _moved(_path: str, leaf: Any) -> Any:
    return leaf.to(META) if isinstance(leaf, torch.Tensor) else leaf


class _TwoDevicesError(Exception):
    """A tensor of the CPU and one of the other device in one operator."""


class _Watch(OperatorMode):
    """Raises where a GPU would: many operators compute the shapes of meta tensors whatever else they are given."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.met = ""
        self.raised: Exception | None = None
        self.asked = 0
        self._number = number

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        named = kwargs or {}
        held = list(_tensors([*args, *named.values()]))
        if not any(tensor.device == META for tensor in held):
            return func(*args, **named)
        name = _name(func)
        if _meet(name, args, held):
            self.met = self.met or name
            raise _TwoDevicesError(f"{name} is given tensors of two devices")
        if name in _OF_VALUES:
            return _OF_VALUES[name](*args)
        if name == "_local_scalar_dense":
            return self._answer(args[0])
        if name == "_to_copy" and named.get("device") == torch.device("cpu"):
            return torch.ones(args[0].shape, dtype=named.get("dtype") or args[0].dtype)
        if name in _INDEXING:
            args = (args[0], _indices(args[1]), *args[2:])
        try:
            return func(*args, **named)
        except Exception as error:
            self.raised = error  # of which the interpreter of TorchScript leaves no words
            raise

    def _answer(self, tensor: Any) -> Any:
        self.asked += 1
        if self.asked > ENOUGH:
            raise RuntimeError("a loop on values does not end without them")
        return torch.tensor(self._number, dtype=tensor.dtype).item()


def _meet(name: str, args: Any, held: list[Any]) -> bool:
    if name == _PACK:
        return bool(args[1].device == META)
    if name in _INDEXING:
        return bool(args[0].device != META)
    return name not in _MIXING and any(tensor.device.type == "cpu" and tensor.dim() for tensor in held)


def _indices(given: Any) -> list[Any]:
    """With positions in the place of masks, whose number of hits no meta tensor knows: here all are."""
    found: list[Any] = []
    for index in given:
        masks = index is not None and index.dtype in (torch.bool, torch.uint8)
        found += [_all_of(index)] * index.dim() if masks else [index]
    return found


def _all_of(mask: Any, *width: int) -> Any:
    return torch.empty((mask.numel(), *width), dtype=torch.int64, device=META)


_OF_VALUES: dict[str, Callable[..., Any]] = {
    "equal": lambda *_: False,
    "nonzero": lambda tensor: _all_of(tensor, tensor.dim()),
    "nms": lambda _boxes, scores, *_: _all_of(scores),
}
"""What depends on values is everything that it could be."""


def _name(func: Any) -> str:
    """`index` of `aten.index.Tensor`."""
    return str(func).split(".")[1]


def _tensors(values: Any) -> Any:
    for value in values:
        if isinstance(value, torch.Tensor):
            yield value
        elif isinstance(value, (list, tuple)):
            yield from _tensors(value)


def _place(text: str) -> str:
    """`model.py:12: mask = torch.ones(4)`, of the user's own code if it is there; empty where nothing is said."""
    told = text.partition(TORCHSCRIPT_TRACE)[2]
    told = told.partition("original code")[2] or told
    compiled, traced = _COMPILED.findall(told), _TRACED.findall(told)
    places = traced or compiled[::-1]  # a trace begins with the innermost
    mine = [place for place in places if is_users(place[0])] or places
    return source_line(mine[0][0], int(mine[0][1])) if mine else ""
