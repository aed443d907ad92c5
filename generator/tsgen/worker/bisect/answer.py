"""The whole search on one page, as far as Python can do it: the program's part is asked for by tsgen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable

from ..artifact import model_file
from ..artifact.signature import EXTRA_FILE
from ..export import answer
from ..inspect import signed
from ..messages import Problem
from ..messages.bisection import BisectAnswer
from ..operators import bring
from ..progress import progress
from ..sources import torchscript_file
from ..suggest import format_names
from ..values.compare import EXACT, difference, first_mismatch
from ..values.flatten import Leaf, leaves_of
from . import aligning, making, watching
from . import course as courses
from .recording import LIMIT, Recorder

if TYPE_CHECKING:
    from ..aliases import Model
    from ..messages import Tolerance
    from ..messages.bisection import BisectRequest, Comparison
    from .course import Course


def bisect(request: BisectRequest) -> BisectAnswer:
    """The output folder then holds the watched model.pt with its cases. Raises Problem."""
    torchscript_file.check(request.artifact)
    begun = answer.begin(request.export)
    bring(request.artifact)
    text = model_file.extra_files(request.artifact).get(EXTRA_FILE, "")
    said = signed.parse(text) or signed.Signed({"forward": signed.Entry()})
    of_method = request.method and not begun.probed.sequence
    probes = begun.entries.probes.get(request.method, []) if of_method else begun.probed.probes
    course = courses.course(request, probes, said.words, sequence=begun.probed.sequence)
    model = begun.probed.model
    outputs = said.entries[request.method or "forward"].outputs
    constants = {value.name for value in outputs if value.kind == "constant"}
    weights = _weights(request, model)  # before a call, which may change them
    python = _eager_and_exported(request, model, course, constants)
    operators, cases = making.make(request, course, text)
    return BisectAnswer(operators, watching.DTYPES, cases, python, (*course.notes, *weights))


def _weights(request: BisectRequest, model: Model) -> list[str]:
    """Those that have a name in both and other values: a cause that no operator shows."""
    theirs = _tensors(model_file.load(request.artifact))
    prefix = "" if set(_tensors(model)) & set(theirs) else "model."  # of the wrapper that a flat export is
    pairs = [(name, value, theirs.get(prefix + name)) for name, value in _tensors(model).items()]
    names = [name for name, ours, other in pairs if other is not None and not _same(ours, other)]
    return [f"the file's {format_names(names, most=3)} is not what the model has"] if names else []


def _tensors(model: Model) -> dict[str, Any]:
    return dict((*model.named_parameters(), *model.named_buffers()))


def _same(ours: Any, theirs: Any) -> bool:
    return ours.shape == theirs.shape and first_mismatch(ours, theirs, EXACT) is None


def _eager_and_exported(request: BisectRequest, model: Model, course: Course, constants: set[str]) -> Comparison:
    limits: dict[str, Tolerance] = {} if request.exact else request.export.tolerance
    progress("record eager Python")
    ours, output = _recorded(course, course.eager, model)
    expected = [leaf for leaf in leaves_of(output) if leaf.name not in constants]
    progress("record the exported file")
    theirs, output = _recorded(course, course.exported, model_file.load(request.artifact))
    _require_room(request, theirs)
    actual = [leaf for leaf in course.answer(output) if leaf.name not in constants]
    differ = _answers_differ(expected, actual, limits)
    return aligning.compared(ours.records, theirs.records, limits, answers=differ)


def _require_room(request: BisectRequest, recorder: Recorder) -> None:
    """Raises Problem: the watched file keeps all at once, and it must not be the machine that ends that."""
    if recorder.bytes > LIMIT:
        raise Problem(
            "unsupported",
            f"the operators of case {request.case} give {recorder.bytes / 2**30:.1f} GiB, and {LIMIT >> 30} are kept",
            "choose a smaller case with --case NAME, or export the model with smaller sizes (--input)",
        )


def _recorded(course: Course, call: Callable[[Any, int, Any], Any], entry: Any) -> tuple[Recorder, Any]:
    """What was recorded of the last call."""
    last, recorder = len(course.steps) - 1, Recorder()
    for number in range(last):
        call(entry, number, None)
    return recorder, call(entry, last, recorder)


def _answers_differ(expected: list[Leaf], actual: list[Leaf], limits: dict[str, Tolerance]) -> str:
    """What differs first, by position: the values of a flat export have no names."""
    if len(expected) != len(actual):
        return f"Python returns {len(expected)} values, the export {len(actual)}"
    named = [Leaf(ours.name, ours.place, theirs.tensor) for ours, theirs in zip(expected, actual)]
    found = difference(expected, named, limits)
    return found.told() if found else ""
