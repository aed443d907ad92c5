"""The whole inspection on one page."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import torch

from ..messages.inspection import InspectAnswer, Inspection, Producer
from ..progress import progress
from ..sources import torchscript_file
from ..users_code.needs import is_memory
from . import archive, code, compiled, graphs, methods, opening, operators, signed, tensors

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ..aliases import ScriptModule
    from ..messages.inspection import InspectRequest
    from .archive import Archive
    from .signed import Signed

_REMARKS = (
    ("the answer is element {} of what forward returns", "select"),
    ("quantized engine {}", "engine"),
    ("operator library {}", "library"),
    ("runs on the CPU only: {}", "cpu_only"),
    ("keeps state from call to call", "sequence"),
)


def inspect(request: InspectRequest) -> InspectAnswer:
    """A file whose operators are not here is told from its archive alone; C++ from its text. Raises Problem."""
    if compiled.is_compiled(request.path):
        return InspectAnswer(compiled.inspection(request, _remarks))
    progress("read the archive")
    torchscript_file.check(request.path)
    found = archive.read(request.path)
    missing = opening.bring(request.op_libraries, request.path)
    with _readable(request.path):
        module = None if missing else _load(request)
        inspection = _inspection(request, found, tuple(missing), module)
        drawn = graphs.graphs(module) if module is not None and request.graph else ()
    return InspectAnswer(inspection, drawn)


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    """Raises Problem also for what torch reads only when it is asked for: where each line of the code came from."""
    try:
        yield
    except (RuntimeError, UnicodeError) as error:
        if is_memory(error):
            raise
        raise torchscript_file.why_unreadable(path, str(error)) from error


def _inspection(
    request: InspectRequest, found: Archive, missing: tuple[str, ...], module: ScriptModule | None
) -> Inspection:
    written = signed.parse(found.signature or "")
    seen = _unloaded(found, request) if module is None else _loaded(module, request)
    return Inspection(
        file=request.path,
        bytes=request.path.stat().st_size,
        loaded=module is not None,
        missing_operators=missing,
        read_by=str(torch.__version__),
        produced_by=_producer(found, written),
        methods=methods.methods(module, written),
        archive=found.sizes,
        **seen,
    )


def _load(request: InspectRequest) -> ScriptModule:
    progress("load the model")
    return opening.read(request.path)


def _loaded(module: ScriptModule, request: InspectRequest) -> dict[str, Any]:
    each = tensors.tensors(module)
    return {
        "class_name": tensors.class_of(module),
        "tensors": each,
        "submodules": tensors.submodules(module, each),
        "operators": operators.described(operators.called(module)),
        "code": code.of_module(module) if request.code else None,
        "graph": graphs.text(module) if request.text else None,
    }


def _unloaded(found: Archive, request: InspectRequest) -> dict[str, Any]:
    return {
        "class_name": "",
        "tensors": (),
        "submodules": (),
        "operators": operators.described(found.calls()),
        "code": code.of_archive(found) if request.code else None,
    }


def _producer(found: Archive, written: Signed | None) -> Producer:
    words = written.words if written else {}
    torch_version, model, method = (" ".join(words.get(key, ())) for key in ("torch", "model", "method"))
    return Producer(torch_version, model, method, found.file_version, tuple(_remarks(words)))


def _remarks(words: dict[str, list[str]]) -> Iterator[str]:
    if "flat" in words.get("call", ()):
        yield "takes and gives flat tensors, numbers among them"
    for text, key in _REMARKS:
        yield from (text.format(said) for said in words.get(key, ()))
