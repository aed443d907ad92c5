"""Which tensors forward() is called with: the user's --input, or the example the source knows, bound to forward()."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from .dtypes import dtype_named, is_float, known
from .forward import Parameter, parameters_of, shown_forward
from .protocol import InputRequest, Problem
from .suggest import did_you_mean

if TYPE_CHECKING:
    from .protocol import Dim, Request
    from .sources.loaded import Example, Loaded

FIRST_SIZE = 2
"""Of a dynamic first dimension: a batch of one hides what a trace freezes."""
OTHER_SIZE = 16


@dataclass(frozen=True)
class Input:
    name: str
    dtype: str
    shape: tuple[Dim, ...]


@dataclass(frozen=True)
class Plan:
    """The inputs in forward's order and the example size of each dynamic dimension."""

    inputs: tuple[Input, ...]
    sizes: dict[str, int]
    values: tuple[Any, ...] | None = None
    """Tensors the user's example_inputs() gave, in the same order."""
    other_sizes: dict[str, tuple[int, ...]] = field(default_factory=dict)
    """Sizes the user's own examples have besides."""
    more_values: tuple[tuple[Any, ...], ...] = ()
    """Tensors of the user's further examples."""

    def sizes_of(self, tensors: tuple[Any, ...]) -> dict[str, int]:
        pairs = zip(self.inputs, tensors)
        named = {dim: int(size) for entry, value in pairs for dim, size in zip(entry.shape, value.shape)}
        return {str(dim): size for dim, size in named.items() if isinstance(dim, str)}


def plan(request: Request, loaded: Loaded, model: Any) -> Plan:
    example = None if request.inputs or loaded.example is None else loaded.example()
    wanted = request.inputs or (example.inputs if example else ())
    parameters = parameters_of(model, count=len(wanted))
    if not wanted and any(parameter.required for parameter in parameters):
        raise _input_needed(request, loaded, model, parameters)
    bound = _bind(wanted, parameters, model)
    inputs = tuple(_input(name, entry, model) for name, entry in bound.items())
    others = example.other_sizes if example else {}
    ordered = list(bound.values())
    more = tuple(_in_order(example, values, ordered) for values in example.more_values) if example else ()
    return Plan(inputs, _sizes(wanted), _values(example, ordered), others, more)


def _values(example: Example | None, ordered: list[InputRequest]) -> tuple[Any, ...] | None:
    if example is None or example.values is None:
        return None
    return _in_order(example, example.values, ordered)


def _in_order(example: Example, values: tuple[Any, ...], ordered: list[InputRequest]) -> tuple[Any, ...]:
    by_request = {id(entry): value for entry, value in zip(example.inputs, values)}
    return tuple(by_request[id(entry)] for entry in ordered)


def _input_needed(request: Request, loaded: Loaded, model: Any, parameters: list[Parameter]) -> Problem:
    if loaded.no_example:
        sentence, _, hint = loaded.no_example.partition("\n")
        return Problem("input_needed", sentence, hint)
    flags = [f"--input {entry.name}=Nx16:float32" for entry in parameters if entry.required]
    return Problem(
        "input_needed",
        f"{request.label} needs an example input: it is called as {shown_forward(model)}",
        f"for example: {' '.join(flags)} (a name like N is a dynamic dimension), or define example_inputs() beside it",
    )


def _bind(wanted: tuple[InputRequest, ...], parameters: list[Parameter], model: Any) -> dict[str, InputRequest]:
    """By forward's parameter order, however they were given: those with a name first, the rest fill up."""
    given = _named(wanted, parameters, model)
    free = [parameter.name for parameter in parameters if parameter.name not in given]
    unnamed = [entry for entry in wanted if entry.name is None]
    if len(unnamed) > len(free):
        raise Problem(
            "bad_input",
            f"{len(wanted)} inputs were given, but the model takes {len(parameters)}: {shown_forward(model)}",
            "give one --input for each parameter",
        )
    given.update(zip(free, unnamed))
    _check_complete(given, parameters, model)
    return {parameter.name: given[parameter.name] for parameter in parameters if parameter.name in given}


def _named(wanted: tuple[InputRequest, ...], parameters: list[Parameter], model: Any) -> dict[str, InputRequest]:
    known_names = [parameter.name for parameter in parameters]
    given: dict[str, InputRequest] = {}
    for entry in wanted:
        if entry.name is None:
            continue
        if entry.name not in known_names:
            guess = did_you_mean(entry.name, known_names)
            message = f"the model has no input {entry.name!r}: {shown_forward(model)}"
            raise Problem("bad_input", message, guess or f"its inputs are {', '.join(known_names) or 'none'}")
        if entry.name in given:
            raise Problem("bad_input", f"the input {entry.name!r} was given twice", "give each input once")
        given[entry.name] = entry
    return given


def _check_complete(given: dict[str, InputRequest], parameters: list[Parameter], model: Any) -> None:
    missing = [entry.name for entry in parameters if entry.required and entry.name not in given]
    if missing:
        raise Problem(
            "input_needed",
            f"the model also needs {', '.join(missing)}: {shown_forward(model)}",
            f"for example: {' '.join(f'--input {name}=Nx16:float32' for name in missing)}",
        )
    _check_positional(given, parameters)


def _check_positional(given: dict[str, InputRequest], parameters: list[Parameter]) -> None:
    way_out = "write a factory whose module takes these tensors in order and calls the model with them"
    skipped = ""
    for entry in parameters:
        if entry.name not in given:
            skipped = skipped or entry.name
        elif entry.keyword_only:
            message = f"forward takes {entry.name!r} by keyword only; an exported model is called by position"
            raise Problem("unsupported", message, way_out)
        elif skipped:
            message = f"{entry.name!r} was given but {skipped!r} before it was not; inputs are passed by position"
            raise Problem("bad_input", message, f"give {skipped!r} too, or {way_out}")


def _input(name: str, entry: InputRequest, model: Any) -> Input:
    dtype = entry.dtype or _float_dtype(model)
    dtype_named(dtype)
    return Input(name, dtype, entry.shape)


def _float_dtype(model: Any) -> str:
    """Of the model's first floating parameter: a double model is fed doubles."""
    for parameter in model.parameters():
        name = known(parameter.dtype)
        if name and is_float(name):
            return name
    return "float32"


def _sizes(wanted: tuple[InputRequest, ...]) -> dict[str, int]:
    """In the order in which the dimensions appear."""
    given = _given_sizes(wanted)
    sizes: dict[str, int] = {}
    for entry in wanted:
        for axis, dim in enumerate(entry.shape):
            if isinstance(dim, str):
                usual = OTHER_SIZE if axis and not _is_first(dim, wanted) else FIRST_SIZE
                sizes[dim] = given.get(dim, usual)
    return sizes


def _given_sizes(wanted: tuple[InputRequest, ...]) -> dict[str, int]:
    sizes: dict[str, int] = {}
    for entry in wanted:
        for name, size in entry.sizes.items():
            if sizes.setdefault(name, size) != size:
                raise Problem(
                    "bad_input",
                    f"the dimension {name} is given as {sizes[name]} and as {size}",
                    "one name is one size; use two names for two sizes",
                )
    return sizes


def _is_first(dim: str, wanted: tuple[InputRequest, ...]) -> bool:
    return any(entry.shape and entry.shape[0] == dim for entry in wanted)
