"""The two sides: what a person does with tsgen, and what a person does who follows PyTorch's tutorial by hand."""

from __future__ import annotations

import json
import shutil
import sys
from array import array
from typing import TYPE_CHECKING

from benchmarks.bench import HERE, MODEL, TUTORIAL, Bench, env
from benchmarks.measure import Failed, Ran, run

if TYPE_CHECKING:
    from pathlib import Path

TSGEN = (sys.executable, "-m", "tsgen")
CLICK = (sys.executable, "-c", "import click")


def new(project: Path, model: str, cache: Path, *, watched: bool = False) -> Ran:
    """`tsgen new`, which ends with a proof; what is in `cache` is found by it."""
    project.parent.mkdir(parents=True, exist_ok=True)
    words = (*TSGEN, "new", project.name, "--model", model)
    return run(*words, cwd=project.parent, env=env(cache), watched=watched)


def by_hand(bench: Bench, place: Path, model: str, *, watched: bool = False) -> Ran:
    """The tutorial's four steps, from an empty folder to the program's answer; its time is that of the commands."""
    shutil.copytree(TUTORIAL, place)
    build = place / "build"
    build.mkdir()
    steps: tuple[tuple[Path, tuple[object, ...]], ...] = (
        (place, (sys.executable, "export.py", model, "model.pt")),
        (build, (bench.cmake, *bench.find, "..")),
        (build, (bench.cmake, "--build", ".", "--config", "Release")),
        (build, ("./example-app", "../model.pt")),
    )
    ran = [run(*words, cwd=cwd, env=env(), watched=watched) for cwd, words in steps]
    return Ran(ran[-1].output, sum(each.seconds for each in ran), max(each.peak for each in ran))


def edit(source: Path, mark: str) -> None:
    """Change what the program prints: no compile cache has seen it."""
    text = source.read_text(encoding="utf-8")
    if '"ok\\n"' not in text:
        raise Failed(f'expected the text "ok\\n" in {source.name}, which the measurement of an edit replaces')
    source.write_text(text.replace('"ok\\n"', f'"{mark}\\n"'), encoding="utf-8")


def rebuilt(cmake: str, build: Path, program: tuple[object, ...], mark: str, cache: Path) -> float:
    """Seconds to compile what was edited and to run the program, which must print the mark."""
    compiled = run(cmake, "--build", build, "--config", "Release", cwd=build, env=env(cache))
    ran = run(*program, cwd=build, env=env(cache))
    if mark not in ran.output:
        raise Failed(f"expected {mark} from the edited program, came: {ran.output}")
    return compiled.seconds + ran.seconds


def no_op(project: Path, cache: Path) -> float:
    return run(*TSGEN, "build", cwd=project, env=env(cache)).seconds


def import_click(folder: Path) -> float:
    return run(*CLICK, cwd=folder, env=env()).seconds


def export(folder: Path, cache: Path) -> float:
    shutil.rmtree(folder / "exported", ignore_errors=True)
    return run(*TSGEN, "export", MODEL, "-o", "exported", cwd=folder, env=env(cache)).seconds


def export_by_hand(folder: Path) -> float:
    return run(sys.executable, TUTORIAL / "export.py", MODEL, "exported.pt", cwd=folder, env=env()).seconds


def configure(cmake: str, project: Path, cache: Path) -> float:
    """The whole of it, in a new build folder."""
    build = project / "build" / "configured"
    shutil.rmtree(build, ignore_errors=True)
    return run(cmake, "--preset", "local-release", "-B", build, cwd=project, env=env(cache)).seconds


def configure_by_hand(cmake: str, root: Path, folder: Path) -> float:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    return run(cmake, f"-DCMAKE_PREFIX_PATH={root}", TUTORIAL, cwd=folder, env=env()).seconds


def latency(project: Path, calls: int) -> float:
    """Milliseconds: the median of the runner's calls."""
    runner, image = project / "build" / "release" / f"{project.name}-runner", write_image(project / "image.npy")
    words = (runner, "--bench", calls, "--input", f"x={image}", "--threads", 1, "--json")
    ran = run(*words, cwd=project, env=env() | {"OMP_NUM_THREADS": "1"})
    return float(json.loads(ran.output)["bench"]["p50_ms"])


def write_image(file: Path) -> Path:
    """Ones, as both other sides take them: on its own a runner takes the example's batch, which is of two."""
    head = "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 3, 224, 224), }".ljust(117) + "\n"
    numbers = array("f", [1.0]) * (3 * 224 * 224)
    file.write_bytes(b"\x93NUMPY\x01\x00" + len(head).to_bytes(2, "little") + head.encode() + numbers.tobytes())
    return file


def latency_of_eager(folder: Path, calls: int) -> float:
    words = (sys.executable, HERE / "eager.py", MODEL, calls)
    return float(run(*words, cwd=folder, env=env() | {"OMP_NUM_THREADS": "1"}).output)


def latency_by_hand(bare: Path, model: Path, calls: int) -> float:
    return float(run(bare, model, calls, cwd=model.parent, env=env() | {"OMP_NUM_THREADS": "1"}).output)


def start(*program: object, cwd: Path) -> float:
    return run(*program, cwd=cwd, env=env()).seconds
