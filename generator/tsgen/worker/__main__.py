"""`PYTHON path/to/worker request.json response.json`."""

from __future__ import annotations

import contextlib
import importlib
import importlib.util
import os
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent


def _register() -> None:
    """Names the folder `tsgen_worker` and takes it off sys.path: its module names must not shadow the user's."""
    sys.path[:] = [entry for entry in sys.path if not entry or Path(entry).resolve() != HERE]
    spec = importlib.util.spec_from_file_location(
        "tsgen_worker", HERE / "__init__.py", submodule_search_locations=[str(HERE)]
    )
    if spec is None or spec.loader is None:
        sys.exit(f"{HERE} is not the worker's folder")
    package = importlib.util.module_from_spec(spec)
    sys.modules["tsgen_worker"] = package
    spec.loader.exec_module(package)


if __name__ == "__main__":
    _register()
    try:
        status = importlib.import_module("tsgen_worker.run").main(sys.argv[1:])
    except KeyboardInterrupt:
        status = 130
    with contextlib.suppress(Exception):  # whatever the user's code put there
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(status)  # a thread the user's code left running must not keep us; torch's own teardown takes a second
