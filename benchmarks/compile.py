"""What compiling a project costs: against an earlier tsgen, and for a second project with a warm compile cache.

    git worktree add ../before 542f055     # the last version whose C++ was rendered into each project
    python benchmarks/compile.py ../before

Run it with the Python of an environment that has tsgen, torch and ccache. It prints two ratios: the processor seconds
of all compilers and linkers without a cache, this version by the earlier one (target: at most 0.5); and the time to
compile and link a second project, of another name and another model, by that of the first (target: at most 0.1). A
measurement for people, not a test: each is the median of interleaved rounds.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parents[1]
COLD_TARGET, WARM_TARGET = 0.5, 0.1
SMALL = """import torch

def model():
    return torch.nn.Linear(4, {size})

def example_inputs():
    return (torch.ones(2, 4),)
"""


def run(*words: object, cwd: Path, **env: str) -> None:
    done = subprocess.run(
        list(map(str, words)), cwd=cwd, env={**os.environ, **env}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.exit(f"{' '.join(map(str, words))} ended with status {done.returncode}\n{done.stdout}{done.stderr}")


def made(clone: Path, folder: Path, name: str, size: int) -> Path:
    """A project of `clone`'s tsgen with a small model, configured for a build of nothing that is there yet."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.py").write_text(SMALL.format(size=size), encoding="utf-8")
    words = (sys.executable, "-m", "tsgen", "new", name, "--model", f"{name}.py:model", "--compile-cache", "none")
    run(*words, cwd=folder, PYTHONPATH=str(clone / "generator"))
    return folder / name


def compile_anew(project: Path, *launcher: str, **env: str) -> tuple[float, float]:
    """Seconds of the clock, and of all processors, to compile and link everything."""
    build = project / "build" / "measured"
    shutil.rmtree(build, ignore_errors=True)
    run("cmake", "--preset", "local-release", "-B", build, *launcher, cwd=project, **env)
    used, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    run("cmake", "--build", build, cwd=project, **env)
    wall, after = time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - used.ru_utime - used.ru_stime


def ratio(words: str, samples: list[tuple[float, float]], target: float) -> float:
    """The median of the second numbers by that of the first."""
    first, second = (statistics.median(sample[index] for sample in samples) for index in (0, 1))
    print(f"{words}: {first:.1f} s, {second:.1f} s: {second / first:.2f} (target {target})")
    return second / first


def cold(before: Path, now: Path, rounds: int) -> float:
    samples = [(compile_anew(before)[1], compile_anew(now)[1]) for _ in range(rounds)]
    return ratio("all compilers, no cache: before, now", samples, COLD_TARGET)


def second(first: Path, other: Path, rounds: int, folder: Path) -> float:
    """Both with ccache, as tsgen sets it; its folder is emptied before the first."""
    samples = []
    for number in range(rounds):
        cache, launcher = str(folder / f"cache-{number}"), "-DCMAKE_CXX_COMPILER_LAUNCHER=ccache"
        walls = [
            compile_anew(project, launcher, CCACHE_DIR=cache, CCACHE_BASEDIR=str(project), CCACHE_NOHASHDIR="1")[0]
            for project in (first, other)
        ]
        samples.append((walls[0], walls[1]))
    return ratio("with a cache: the first, a second project", samples, WARM_TARGET)


def main() -> int:
    parser = argparse.ArgumentParser(description="what compiling a project costs")
    parser.add_argument("before", type=Path, help="a clone of an earlier version of tsgen")
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        before = made(given.before.resolve(), folder / "before", "first", 3)
        first, other = made(HERE, folder / "now", "first", 3), made(HERE, folder / "now", "another-name", 5)
        good = cold(before, first, given.rounds) <= COLD_TARGET
        return 0 if second(first, other, given.rounds, folder) <= WARM_TARGET and good else 1


if __name__ == "__main__":
    sys.exit(main())
