"""Runs one export and counts what it does: counted.py WORKER_FOLDER REQUEST RESPONSE COUNTS [costly].

`costly`: as if no call of the model were cheap enough to be repeated for its own sake, on any machine.
"""

from __future__ import annotations

import importlib
import json
import os
import runpy
import sys
from collections import Counter
from pathlib import Path
from typing import Any

COUNTS: Counter[str] = Counter()


def _count(holder: Any, name: str, what: str) -> None:
    original = getattr(holder, name)

    def counted(*given: Any, **named: Any) -> Any:
        COUNTS[what] += 1
        return original(*given, **named)

    setattr(holder, name, counted)


def _spare_nothing() -> None:
    for module, name in (("probes.probe", "CHEAP"), ("checks.faithful", "QUICK"), ("export.cases", "STEADY")):
        importlib.import_module(f"tsgen_worker.{module}")
        part = sys.modules[f"tsgen_worker.{module}"]
        assert hasattr(part, name)
        setattr(part, name, 0.0)


def main() -> int:
    worker, request, response, counts, *costly = sys.argv[1:]
    runpy.run_path(f"{worker}/__main__.py", run_name="registered")["_register"]()
    run = importlib.import_module("tsgen_worker.run")
    import torch  # noqa: PLC0415 - after the worker is registered

    importlib.import_module("tsgen_worker.export.answer")
    if costly:
        _spare_nothing()
    for name in ("trace", "script", "save", "load"):
        _count(torch.jit, name, name)
    if hasattr(os, "fork"):
        _count(os, "fork", "fork")
    _count(sys.modules["tsgen_worker.reference.eager"], "call_on", "forward")
    _count(sys.modules["tsgen_worker.sources.factory"], "_call", "build")
    _count(sys.modules["tsgen_worker.sources.torchvision_models"], "seed_everything", "build")
    status = int(run.main([request, response]))
    modules = sorted(name for name in sys.modules if "tsgen_worker" not in name)
    Path(counts).write_text(json.dumps({"counts": COUNTS, "modules": modules}), encoding="utf-8")
    return status


if __name__ == "__main__":
    sys.exit(main())
