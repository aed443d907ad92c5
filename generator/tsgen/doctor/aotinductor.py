"""What `--runtime aotinductor` needs besides what every project needs."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from packaging.version import Version

from tsgen.doctor import compilers, limited, remedy
from tsgen.doctor.findings import Finding
from tsgen.runtimes.aotinductor import HERE
from tsgen.worker.messages import AOTINDUCTOR_FLOOR

if TYPE_CHECKING:
    from tsgen.doctor.findings import Facts, State

TOPIC = "AOTInductor"
_PROGRAM = "#include <omp.h>\nint main() { return omp_get_max_threads() > 0 ? 0 : 1; }\n"


def examine(facts: Facts) -> list[Finding]:
    """Nothing of it keeps a project of the other runtime from being built."""
    floor = ".".join(map(str, AOTINDUCTOR_FLOOR))
    needed = f"only for --runtime aotinductor: torch {floor} or newer and a compiler with OpenMP, on {HERE}"
    state, found, fix = _amiss(facts, floor) or ("ok", f"torch {facts.torch and facts.torch.version}, OpenMP", "")
    return [Finding(topic=TOPIC, state=state, found=found, needed=needed, fix=fix)]


def _amiss(facts: Facts, floor: str) -> tuple[State, str, str] | None:
    if facts.platform != HERE:
        return "missing", f"this is {facts.platform or 'a machine without a LibTorch'}", "take --runtime torchscript"
    if not facts.torch:
        return "missing", "no torch", remedy.pip(f"'torch>={floor}'")
    if Version(facts.torch.version).release[:2] < AOTINDUCTOR_FLOOR:
        return "old", f"torch {facts.torch.version}", remedy.pip("-U", f"'torch>={floor}'")
    if why := _without_openmp():
        fix = f"{remedy.install('compiler', 'install g++')}; for clang libomp-dev"
        return "missing", f"torch {facts.torch.version}; the compiler has no OpenMP: {why}", fix
    return None


def _without_openmp() -> str:
    """Why the compiler that CMake takes makes no program with it; empty when it does."""
    compiler = compilers.first()
    if compiler is None:
        return "there is no compiler"
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "program.cpp"
        source.write_text(_PROGRAM, encoding="utf-8")
        words: list[str | Path] = [compiler, "-fopenmp", source, "-o", Path(folder) / "program"]
        done = limited.run(words, seconds=compilers.SECONDS, merge=True)
    if done and not done.status:
        return ""
    said = done.stdout.strip().splitlines() if done else []
    return said[0] if said else f"{compiler.name} makes no program with -fopenmp"
