"""--tune: the export made faster, then judged as any other."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import torch

from ..artifact import model_file
from ..candidates.exported import unmade
from ..messages import Problem
from ..users_code.failures import format_compiler_error

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from ..aliases import ScriptModule
    from ..candidates.exported import Exported

NONE, OPTIMIZE = "none", "optimize"
_WHY = {
    "freeze": "folds what never changes into the weights",
    OPTIMIZE: "folds what never changes into the weights, and lets this CPU's kernels order them",
}


def word(asked: str) -> str:
    """The tuning as the signature says it; empty for none."""
    return "" if asked == NONE else asked


def applied(exported: Exported, asked: str, methods: Iterable[str]) -> Exported:
    """Raises NotExportableError. To optimize begins with freezing; the rest of it cannot be saved, see `loaded`."""
    if asked == NONE:
        return exported
    kept = [name for name in methods if hasattr(exported.module, name)]
    try:
        frozen = torch.jit.freeze(exported.module.eval(), preserved_attrs=kept)
    except Exception as error:
        # The hint is that of `told`, whatever the kind.
        raise unmade("not_compiled", f"cannot be frozen: {format_compiler_error(error)}", "export") from error
    return replace(exported, module=frozen)


def loaded(path: Path, module: ScriptModule, asked: str, methods: Iterable[str]) -> ScriptModule:
    """The module as the program runs it, which is another one where the file's own would be changed.

    What optimize_for_inference made cannot be saved (torch/jit/_freeze.py), so the program calls it when it has loaded.
    """
    if asked != OPTIMIZE:
        return module
    another = model_file.load(path)
    return torch.jit.optimize_for_inference(another, [name for name in methods if hasattr(another, name)])


def notes_of(asked: str, *, exact: bool) -> list[str]:
    if asked == NONE:
        return []
    if exact:
        return [f"tuned (--tune {asked}), and still bit-exact"]
    return [f"not bit-exact, because --tune {asked} {_WHY[asked]}"]


def with_hint(problem: Problem, asked: str) -> Problem:
    """Whoever asked for speed may have the same export without it."""
    if asked == NONE or problem.kind != "unfaithful":
        return problem
    hint = (
        f"leave out --tune {asked}: without it the export may be right; or allow more under [tolerance] in tsgen.toml"
    )
    return Problem(problem.kind, problem.message, hint, problem.traceback)
