"""Runs many exports with one import of torch: each in a fork, so that none sees another's state.

Started by the `export` fixture under the model's interpreter: server.py WORKER_FOLDER. One JSON line for each export
on stdin, the exit status on stdout.
"""

from __future__ import annotations

import importlib
import json
import os
import resource
import runpy
import sys
from typing import Any


def _child(job: dict[str, Any]) -> None:
    output = os.open(job["output"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(output, 1)
    errors = os.open(job["output"] + ".err", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(errors, 2)
    os.environ.update(job["environment"])
    if job["largest_file"]:
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(job["largest_file"]), resource.RLIM_INFINITY))
    if job["reworded"]:
        _reword()
    status = importlib.import_module("tsgen_worker.run").main([job["request"], job["response"]])
    sys.stderr.flush()
    os._exit(status)


_TEXTS = {
    "reasons.Reason": ("text", "where"),
    "reasons.SilentSpecialization": ("text",),
    "reasons.Difference": ("place", "ours", "theirs"),
    "reasons.Rejection": ("said", "traceback"),
    "users_code.frozen.Frozen": ("place",),
    "users_code.needs.Need": ("text", "hint"),
    "messages.Problem": ("message", "hint"),
}


def _reword() -> None:
    """Every sentence of the worker in capitals, where it is made: nothing may be decided by it."""
    for place, names in _TEXTS.items():
        module, _, name = place.rpartition(".")
        kind = getattr(importlib.import_module(f"tsgen_worker.{module}"), name)
        kind.__init__ = _in_capitals(kind.__init__, names)


def _in_capitals(made: Any, names: tuple[str, ...]) -> Any:
    def init(self: Any, *positional: Any, **named: Any) -> None:
        made(self, *positional, **named)
        for name in names:
            object.__setattr__(self, name, getattr(self, name).upper())

    return init


def main() -> None:
    runpy.run_path(f"{sys.argv[1]}/__main__.py", run_name="registered")["_register"]()
    importlib.import_module("tsgen_worker.export.answer")
    importlib.import_module("torchvision.models")
    for line in sys.stdin:
        child = os.fork()
        if not child:
            try:
                _child(json.loads(line))
            finally:
                os._exit(99)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
