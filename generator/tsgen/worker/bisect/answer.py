"""The whole search on one page, as far as Python can do it: the program's part is asked for by tsgen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable

from .. import artifact, export
from ..compare import EXACT, difference, first_mismatch
from ..flatten import Leaf, leaves_of
from ..inspect import signed
from ..methods import View
from ..operators import import_known
from ..progress import progress
from ..protocol import Problem
from ..signature import EXTRA_FILE
from ..suggest import shown
from . import aligning, making
from . import course as courses
from .recording import LIMIT, Recorder

if TYPE_CHECKING:
    from ..protocol import Tolerance
    from .course import Course
    from .request import BisectRequest


def bisect(request: BisectRequest) -> dict[str, Any]:
    """The response; the output folder then holds the watched model.pt with its cases. Raises Problem."""
    begun = export.begin(request.export)
    import_known(request.artifact)
    text = artifact.extra_files(request.artifact).get(EXTRA_FILE, "")
    said = signed.parse(text) or signed.parse("tsgen-signature\t2") or {}
    probes = begun.entries.probes.get(request.method, []) if request.method else begun.probed.probes
    course = courses.course(request, probes, said["words"], sequence=begun.probed.sequence)
    model = View(begun.probed.model, request.method).eval() if request.method else begun.probed.model
    outputs = (said["methods"][request.method] if request.method else said)["outputs"]
    constants = {node["name"] for node in outputs if node["kind"] == "constant"}
    weights = _weights(request, model)  # before a call, which may change them
    return {
        "ok": True,
        "python": _eager_and_exported(request, model, course, constants),
        **making.make(request, course, text),
        "notes": [*course.notes, *weights],
    }


def _weights(request: BisectRequest, model: Any) -> list[str]:
    """Those that have a name in both and other values: a cause that no operator shows."""
    theirs = _tensors(artifact.load(request.artifact))
    prefix = "" if set(_tensors(model)) & set(theirs) else "model."  # of the wrapper that a flat export is
    pairs = [(name, value, theirs.get(prefix + name)) for name, value in _tensors(model).items()]
    names = [name for name, ours, other in pairs if other is not None and not _same(ours, other)]
    return [f"the file's {shown(names, most=3)} is not what the model has"] if names else []


def _tensors(model: Any) -> dict[str, Any]:
    return dict((*model.named_parameters(), *model.named_buffers()))


def _same(ours: Any, theirs: Any) -> bool:
    return ours.shape == theirs.shape and first_mismatch(ours, theirs, EXACT) is None


def _eager_and_exported(request: BisectRequest, model: Any, course: Course, constants: set[str]) -> dict[str, Any]:
    limits: dict[str, Tolerance] = {} if request.exact else request.export.tolerance
    progress("record eager Python")
    ours, output = _recorded(course, course.eager, model)
    expected = [leaf for leaf in leaves_of(output) if leaf.name not in constants]
    progress("record the exported file")
    entry = making.entry(request, artifact.load(request.artifact))
    theirs, output = _recorded(course, course.exported, entry)
    _require_room(request, theirs)
    actual = [leaf for leaf in course.answer(output) if leaf.name not in constants]
    differ = _answers_differ(expected, actual, limits)
    return {**aligning.compared(ours.records, theirs.records, limits, answers_differ=bool(differ)), "answers": differ}


def _require_room(request: BisectRequest, recorder: Recorder) -> None:
    """Raises Problem: the watched file keeps all at once, and it must not be the machine that ends that."""
    if recorder.bytes > LIMIT:
        raise Problem(
            "unsupported",
            f"the operators of case {request.case} give {recorder.bytes / 2**30:.1f} GiB, and {LIMIT >> 30} are kept",
            "choose a smaller case with --case NAME, or export the model with smaller sizes (--input)",
        )


def _recorded(course: Course, call: Callable[[Any, int, Any], Any], entry: Any) -> tuple[Recorder, Any]:
    """Of the last call."""
    last, recorder = len(course.steps) - 1, Recorder()
    for number in range(last):
        call(entry, number, None)
    return recorder, call(entry, last, recorder)


def _answers_differ(expected: list[Leaf], actual: list[Leaf], limits: dict[str, Tolerance]) -> str:
    """By position: the values of a flat export have no names."""
    if len(expected) != len(actual):
        return f"Python returns {len(expected)} values, the export {len(actual)}"
    named = [Leaf(ours.name, ours.place, theirs.tensor) for ours, theirs in zip(expected, actual)]
    return difference(expected, named, limits)
