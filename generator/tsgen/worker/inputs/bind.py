"""Which values forward() is called with: the user's --input, or the example the source knows, bound to forward()."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..calls.forward import Parameter, format_forward, parameters_of, takes_any_name
from ..calls.plan import Plan, Slot
from ..messages import InputRequest, Problem
from ..suggest import did_you_mean
from ..values.dtypes import dtype_named, is_float, known
from ..values.nesting import nested
from . import examples

if TYPE_CHECKING:
    from ..aliases import Model
    from ..messages import ExportRequest
    from ..sources.loaded import Loaded

FIRST_SIZE = 2
"""Of a dynamic first dimension: a batch of one hides what a trace freezes."""
OTHER_SIZE = 16


def plan(request: ExportRequest, loaded: Loaded, model: Model) -> Plan:
    example = None if request.inputs or loaded.example is None else loaded.example()
    if example is not None and example.calls:
        return examples.plan(example.calls, model)
    wanted = request.inputs or (example.inputs if example else ())
    parameters = parameters_of(model, count=len({_parameter_of(entry) for entry in wanted}))
    if not wanted and any(parameter.required for parameter in parameters):
        raise input_needed(request.label, model, parameters)
    bound = _bind(wanted, parameters, model)
    template = {name: _tree(name, entries, model) for name, entries in bound.items()}
    others = example.other_sizes if example else {}
    nullable = tuple(parameter.name for parameter in parameters if parameter.nullable and parameter.name in template)
    unasked = example.unasked if example else frozenset()
    return Plan(template, _sizes(wanted), unasked, other_sizes=others, nullable=nullable)


def input_needed(label: str, model: Model, parameters: list[Parameter]) -> Problem:
    flags = [f"--input {entry.name}=Nx16:float32" for entry in parameters if entry.required]
    return Problem(
        "input_needed",
        f"{label} needs an example input: it is called as {format_forward(model)}",
        f"for example: {' '.join(flags)} (a name like N is a dynamic dimension, NAME==VALUE a number or a string), "
        "or define example_inputs() beside it",
    )


def _parameter_of(entry: InputRequest) -> Any:
    """`images` of `images.0`; an input without a name stands for a parameter of its own."""
    return id(entry) if entry.name is None else entry.name.partition(".")[0]


Bound = dict
"""From a parameter's name to the requests for it."""


def _bind(
    wanted: tuple[InputRequest, ...], parameters: list[Parameter], model: Model
) -> Bound[str, list[InputRequest]]:
    """Bind them in forward's parameter order, however they were given: those with a name first, the rest fill up."""
    given = _named(wanted, parameters, model)
    free = [parameter.name for parameter in parameters if parameter.name not in given]
    unnamed = [entry for entry in wanted if entry.name is None]
    if len(unnamed) > len(free):
        raise Problem(
            "bad_input",
            f"{len(wanted)} inputs were given, but the model takes {len(parameters)}: {format_forward(model)}",
            "give one --input for each parameter",
        )
    given.update({name: [entry] for name, entry in zip(free, unnamed)})
    _check_complete(given, parameters, model)
    known_names = [parameter.name for parameter in parameters]
    ordered = [name for name in known_names if name in given] + [name for name in given if name not in known_names]
    return {name: given[name] for name in ordered}


def _named(
    wanted: tuple[InputRequest, ...], parameters: list[Parameter], model: Model
) -> Bound[str, list[InputRequest]]:
    known_names = [parameter.name for parameter in parameters]
    given: Bound[str, list[InputRequest]] = {}
    for entry in wanted:
        if entry.name is None:
            continue
        name = str(_parameter_of(entry))
        if name not in known_names and not takes_any_name(model):
            guess = did_you_mean(name, known_names)
            message = f"the model has no input {name!r}: {format_forward(model)}"
            raise Problem("bad_input", message, guess or f"its inputs are {', '.join(known_names) or 'none'}")
        if any(other.name == entry.name for other in given.get(name, ())):
            raise Problem("bad_input", f"the input {entry.name!r} was given twice", "give each input once")
        given.setdefault(name, []).append(entry)
    return given


def _check_complete(given: Bound[str, Any], parameters: list[Parameter], model: Model) -> None:
    missing = [entry.name for entry in parameters if entry.required and entry.name not in given]
    if missing:
        raise Problem(
            "input_needed",
            f"the model also needs {', '.join(missing)}: {format_forward(model)}",
            f"for example: {' '.join(f'--input {name}=Nx16:float32' for name in missing)}; NAME==VALUE for a number",
        )


def _tree(name: str, entries: list[InputRequest], model: Model) -> Any:
    if len(entries) == 1 and entries[0].name in (None, name):
        return _leaf(name, entries[0], model)
    return nested(name, {str(entry.name): _leaf(str(entry.name), entry, model) for entry in entries})


def _leaf(name: str, entry: InputRequest, model: Model) -> Any:
    if entry.is_value:
        return entry.value
    dtype = entry.dtype or _float_dtype(model)
    dtype_named(dtype)
    return Slot(name, dtype, entry.shape, entry.high)


def _float_dtype(model: Model) -> str:
    """The dtype of the model's first floating parameter: a double model is fed doubles."""
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
