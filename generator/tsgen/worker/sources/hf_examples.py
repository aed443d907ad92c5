"""Example inputs for a model of transformers, without a tokenizer: by what its forward calls its parameters.

Which of them a model wants at once depends on its family (a picture beside the text, or a text alone), so the sets are
tried on the model itself, the fullest first.
"""

from __future__ import annotations

import inspect
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import torch

from ..messages import InputRequest, Problem
from ..users_code.failures import format_error
from ..values.dtypes import dtype_named, is_float
from . import hf_parameters
from .hf_sizes import SAMPLES, length
from .library import quiet, reraise_memory
from .loaded import Example

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..aliases import HfConfig, Model

_TEXT = ("input_ids", "attention_mask")
_DECODER = ("decoder_input_ids",)
_SOUND = ("input_values", "input_features")
_BESIDES = ("pixel_values_videos", "bbox")
_FULL = tuple(name for name in hf_parameters.RULES if name not in _BESIDES)
_SETS = (
    _FULL,
    (*_TEXT, *_DECODER),
    (*_TEXT, "bbox", "pixel_values"),
    (*_TEXT, "bbox"),
    ("pixel_values", *_DECODER),
    (*_SOUND, *_DECODER),
    ("pixel_values_videos",),
    ("input_ids",),
)
_BATCH = 2


def example(model: Model, config: HfConfig) -> Example:
    """Raises Problem when the model takes none of the inputs that are known."""
    refused = ""
    for requests in _candidates(model, config):
        # Twice: a first draw may hold by luck what the model looks for, such as the end of a text.
        raised = _refusal(model, _drawn(requests, model)) or _refusal(model, _drawn(requests, model, _BATCH + 1))
        if not raised:
            named = {dim for entry in requests for dim in entry.shape if isinstance(dim, str)}
            return Example(requests, other_sizes=_other_sizes(config), unasked=frozenset(named))
        refused = refused or raised
    for names in ((*_TEXT, *_DECODER), _TEXT):
        calls = _with_end_of_text(names, model, config)
        if calls and not _refusal(model, calls[0]):
            return Example(calls=calls)
    raise Problem(
        "input_needed",
        f"which inputs {type(model).__name__} takes is not known here{f'; it raised {refused}' if refused else ''}",
        "give them by the names of its forward, for example --input input_ids=NxS:int64",
    )


def _candidates(model: Model, config: HfConfig) -> Iterator[tuple[InputRequest, ...]]:
    """At last with one entry a batch, for a model that has no padding to fill shorter ones with."""
    sets = [found for names in _SETS if (found := _requests(names, model, config))]
    by_names = {tuple(entry.name for entry in requests): requests for requests in sets}
    yield from by_names.values()
    for requests in by_names.values():
        yield tuple(replace(entry, shape=tuple(1 if dim == "N" else dim for dim in entry.shape)) for entry in requests)


def _requests(names: tuple[str, ...], model: Model, config: HfConfig) -> tuple[InputRequest, ...]:
    """In forward's order; without what it has no parameter for."""
    taken = [name for name in inspect.signature(model.forward).parameters if name in names]
    if not {"input_ids", "states"} & set(taken):
        taken = [name for name in taken if name != "attention_mask"]  # there it is one of other shape
    found = (hf_parameters.request(name, config, model) for name in taken)
    return tuple(entry for entry in found if entry is not None)


def _drawn(requests: tuple[InputRequest, ...], model: Model, batch: int = _BATCH) -> dict[str, Any]:
    generator = torch.Generator(device="cpu").manual_seed(batch)
    return {str(entry.name): _tensor(entry, model, generator, batch) for entry in requests}


def _tensor(entry: InputRequest, model: Model, generator: Any, batch: int) -> Any:
    shape = tuple(entry.sizes.get(dim, batch) if isinstance(dim, str) else dim for dim in entry.shape)
    if entry.dtype is not None and not is_float(entry.dtype):
        return torch.randint(0, entry.high or 2, shape, generator=generator, device="cpu").to(dtype_named(entry.dtype))
    floats = (parameter.dtype for parameter in model.parameters() if parameter.dtype.is_floating_point)
    return torch.randn(shape, generator=generator, device="cpu").to(next(floats, torch.float32))


def _refusal(model: Model, call: dict[str, Any]) -> str:
    """What the model raises; empty when it answers."""
    model.eval()
    try:
        with quiet(), torch.no_grad():
            model(**call)
    except Exception as error:  # noqa: BLE001 - a set of inputs it does not take is an answer
        reraise_memory(error)
        return format_error(error)
    return ""


def _other_sizes(config: HfConfig) -> dict[str, tuple[int, ...]]:
    """Shorter texts: longer ones may be too long."""
    text = length(config)
    shorter = {"S": text * 3 // 4, "T": text * 3 // 8, "L": SAMPLES * 5 // 4}
    return {name: (size,) for name, size in shorter.items() if size}


def _with_end_of_text(names: tuple[str, ...], model: Model, config: HfConfig) -> tuple[dict[str, Any], ...]:
    """Sequence classifiers with a decoder read the answer where the text ends: each has that id once."""
    end = getattr(config, "eos_token_id", None)
    requests = _requests(names, model, config)
    if not isinstance(end, int) or "input_ids" not in [entry.name for entry in requests]:
        return ()
    # The end is looked up in what the decoder says, place by place: its text is as long.
    sizes = [{"N": batch, "S": places, "T": places} for batch, places in _two_sizes(config)]
    calls = [tuple(replace(entry, sizes={**entry.sizes, **size}) for entry in requests) for size in sizes]
    return tuple(_ended(_drawn(entries, model), end) for entries in calls)


def _two_sizes(config: HfConfig) -> tuple[tuple[int, int], ...]:
    return (_BATCH, length(config)), (_BATCH + 1, max(length(config) * 3 // 4, 1))


def _ended(call: dict[str, Any], end: int) -> dict[str, Any]:
    ids = call["input_ids"]
    ids[ids == end] = end + 1 if end + 1 <= int(ids.max()) else end - 1
    ids[:, -1] = end
    masks = {name: torch.ones_like(value) for name, value in call.items() if name == "attention_mask"}
    return {**call, **masks}
