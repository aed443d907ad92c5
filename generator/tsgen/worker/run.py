"""One action from request to response. Everything that can go wrong ends in a response."""

from __future__ import annotations

import os
import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import reading
from .host import late_imports, parent
from .messages import ExportRequest, Problem
from .progress import close, progress, take_stdout
from .users_code.failures import format_error
from .users_code.needs import MEMORY_HINT, is_memory

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

BUG = "this is a bug in tsgen: please report it with the traceback"


def main(arguments: list[str]) -> int:
    """The exit status: 0 done, 1 a response with an error, 130 interrupted."""
    # absolute, for the user's code may change the folder
    request_path, response_path = (Path(os.path.abspath(name)) for name in arguments)  # noqa: PTH100
    del sys.argv[1:]  # a model file that parses the command line must not meet ours
    parent.end_with_it()
    take_stdout()
    try:
        response = _respond(request_path)
    except KeyboardInterrupt:
        return 130
    finally:
        close()
    try:
        reading.write(response_path, response)
    except OSError as error:
        sys.stderr.write(f"{response_path} cannot be written: {error.strerror}\n")
        return 1
    return 0 if response["ok"] else 1


def _respond(request_path: Path) -> dict[str, Any]:
    try:
        return _act(request_path)
    except Problem as problem:
        return reading.failure(problem)
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # noqa: BLE001 - a bug of ours is still answered
        if is_memory(error):
            return reading.failure(
                Problem("unsupported", f"there is not enough memory: {format_error(error)}", MEMORY_HINT)
            )
        return reading.failure(Problem("internal", format_error(error), BUG, traceback.format_exc()))


def _act(request_path: Path) -> dict[str, Any]:
    raw = reading.read(request_path)
    name = raw.get("action", "export")
    if name not in ACTIONS:
        raise Problem("unsupported", f"the worker can {', '.join(ACTIONS)}, not {name}", reading.VERSIONS)
    _import_torch()
    return {"ok": True, **ACTIONS[name](raw)}


def _import_torch() -> None:
    progress("import torch")
    try:
        import torch  # noqa: F401, PLC0415 - its absence is an answer
    except (ImportError, OSError) as error:
        raise Problem(
            "no_torch",
            f"torch cannot be imported by {sys.executable} ({format_error(error)})",
            "install torch there, or name the Python that has it: --python",
        ) from error
    late_imports.install()


def _export(raw: dict[str, Any]) -> dict[str, Any]:
    from .export import answer  # noqa: PLC0415 - needs torch

    sys.dont_write_bytecode = True  # from here on the user's code is imported, whose folders are not ours to fill
    return answer.export(reading.value_of(ExportRequest, raw)).as_json()


def _inspect(raw: dict[str, Any]) -> dict[str, Any]:
    from .inspect import answer  # noqa: PLC0415 - needs torch
    from .messages.inspection import InspectRequest  # noqa: PLC0415 - for who inspects

    return reading.plain(answer.inspect(reading.value_of(InspectRequest, raw)))


def _bisect(raw: dict[str, Any]) -> dict[str, Any]:
    from .bisect import answer  # noqa: PLC0415 - needs torch
    from .messages.bisection import BisectRequest  # noqa: PLC0415 - for who bisects

    sys.dont_write_bytecode = True
    return reading.plain(answer.bisect(reading.value_of(BisectRequest, raw)))


def _floors(raw: dict[str, Any]) -> dict[str, Any]:
    from .floors import answer  # noqa: PLC0415 - needs torch
    from .messages.floors import FloorsRequest  # noqa: PLC0415 - for who asks for a report

    sys.dont_write_bytecode = True
    return reading.plain(answer.floors(reading.value_of(FloorsRequest, raw)))


ACTIONS: Mapping[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "export": _export,
    "inspect": _inspect,
    "bisect": _bisect,
    "floors": _floors,
}
