"""What is on this machine, what is missing, and what to do about it; and what a log's well-known messages mean.

It knows of LibTorch only what is handed to it, `Facts`: stages do not import one another.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tsgen import console
from tsgen.doctor import aotinductor, compilers, cuda, devices, index, python, runtime, system, toolkit, tools
from tsgen.doctor.findings import Diagnosis, Facts, Finding, Stored, Torch
from tsgen.doctor.log import explain

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from tsgen.toolchain.interpreter import Interpreter

__all__ = ["Diagnosis", "Facts", "Finding", "Stored", "Torch", "diagnose", "explain"]

NEWEST_STANDARD = 20
"""What the headers of torch 2.12 and newer need: the demand where no torch says its own."""


def diagnose(facts: Facts, chosen: Interpreter, project: Path, *, offline: bool = False) -> Diagnosis:
    """Takes some seconds; asks an index, unless `offline`, and waits half a minute at most for its answer."""
    standard = facts.torch.cxx_standard if facts.torch else NEWEST_STANDARD
    looks: Mapping[str, Callable[[], list[Finding]]] = {
        "the system": lambda: system.examine(facts, project),
        "Python and torch": lambda: python.examine(chosen, facts),
        "compilers": lambda: compilers.examine(standard),
        "AOTInductor": lambda: aotinductor.examine(facts),
        "CMake, Ninja, Conan": tools.examine,
        "NVIDIA's runtime": lambda: runtime.examine(facts.torch),
        "CUDA toolkit": lambda: toolkit.examine(facts.torch),
        "the package index": lambda: [index.examine(offline=offline)],
    }
    console.progress("the GPU driver")
    driver = cuda.driver()
    findings = [cuda.examine(facts.torch, driver)]
    for what, look in looks.items():
        console.progress(what)
        findings += look()
    builds = not any(finding.blocking for finding in findings)
    return Diagnosis(
        builds=builds,
        findings=tuple(findings),
        devices=devices.answers(facts.torch, driver, findings, builds=builds),
    )
