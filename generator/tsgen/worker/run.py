"""One action from request to response. Everything that can go wrong ends in a response."""

from __future__ import annotations

import json
import os
import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import protocol
from .failures import said
from .progress import close, progress, take_stdout
from .protocol import Problem
from .reasons import MEMORY_HINT, is_memory

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

VERSIONS = "the two halves of tsgen are of different versions: install it again"
BUG = "this is a bug in tsgen: please report it with the traceback"


def main(arguments: list[str]) -> int:
    """The exit status: 0 done, 1 a response with an error, 130 interrupted."""
    # absolute, for the user's code may change the folder
    request_path, response_path = (Path(os.path.abspath(name)) for name in arguments)  # noqa: PTH100
    del sys.argv[1:]  # a model file that parses the command line must not meet ours
    take_stdout()
    try:
        response = _respond(request_path)
    except KeyboardInterrupt:
        return 130
    finally:
        close()
    try:
        protocol.write_response(response_path, response)
    except OSError as error:
        sys.stderr.write(f"{response_path} cannot be written: {error.strerror}\n")
        return 1
    return 0 if response["ok"] else 1


def _respond(request_path: Path) -> dict[str, Any]:
    try:
        return _act(request_path)
    except Problem as problem:
        return protocol.failure(problem)
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # noqa: BLE001 - a bug of ours is still answered
        if is_memory(error):
            return protocol.failure(Problem("unsupported", f"there is not enough memory: {said(error)}", MEMORY_HINT))
        return protocol.failure(Problem("internal", said(error), BUG, traceback.format_exc()))


def _act(request_path: Path) -> dict[str, Any]:
    raw = json.loads(request_path.read_text(encoding="utf-8"))
    name = raw.get("action", "export")
    if raw.get("format") != protocol.FORMAT or name not in ACTIONS:
        known = f"requests of format {protocol.FORMAT} ({', '.join(ACTIONS)})"
        raise Problem("unsupported", f"the worker reads {known}, not {name} of format {raw.get('format')}", VERSIONS)
    _import_torch()
    return ACTIONS[name](request_path, raw)


def _import_torch() -> None:
    progress("import torch")
    try:
        import torch  # noqa: F401, PLC0415 - its absence is an answer
    except (ImportError, OSError) as error:
        raise Problem(
            "no_torch",
            f"torch cannot be imported by {sys.executable} ({said(error)})",
            "install torch there, or name the Python that has it: --python",
        ) from error


def _export(request_path: Path, _: dict[str, Any]) -> dict[str, Any]:
    from . import export  # noqa: PLC0415 - needs torch

    return export.export(protocol.read_request(request_path))


def _inspect(_: Path, raw: dict[str, Any]) -> dict[str, Any]:
    from .inspect import answer, request  # noqa: PLC0415 - needs torch

    return answer.inspect(request.read(raw))


def _bisect(request_path: Path, raw: dict[str, Any]) -> dict[str, Any]:
    from .bisect import answer, request  # noqa: PLC0415 - needs torch

    return answer.bisect(request.read(request_path, raw))


ACTIONS: Mapping[str, Callable[[Path, dict[str, Any]], dict[str, Any]]] = {
    "export": _export,
    "inspect": _inspect,
    "bisect": _bisect,
}
