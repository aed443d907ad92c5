"""Builds the fuzz targets and runs them: `python -m tests.cpp.fuzzing 60` gives each a minute, and says what it did."""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.cpp import seeds

HERE = Path(__file__).parent
BUILD = HERE.parents[1] / "build/cpp/fuzz"
TARGETS = ("npy", "signature", "cases", "options", "model_file", "archive")
WITH_LIBTORCH = "libtorch"
HOUR = 3600
# LibTorch keeps what it has loaded for as long as the program runs, and a sanitizer tells of it at the end.
SANITIZERS = {"ASAN_OPTIONS": "detect_leaks=0", "UBSAN_OPTIONS": "print_stacktrace=1"}


@dataclass(frozen=True)
class Fuzzed:
    status: int
    log: str

    @property
    def executions(self) -> int:
        found = re.search(r"^stat::number_of_executed_units: +(\d+)", self.log, re.MULTILINE)
        return int(found[1]) if found else 0


def build(folder: Path, libtorch: Path | None = None) -> None:
    """Raises CalledProcessError, with what CMake said on the terminal or in the error."""
    where = [f"-DTSGEN_LIBTORCH={libtorch}"] if libtorch else []
    for command in (["cmake", "--preset", "fuzz", "-B", str(folder), *where], ["cmake", "--build", str(folder)]):
        subprocess.run(command, cwd=HERE, check=True)


def run(folder: Path, target: str, corpus: Path, *limits: str) -> Fuzzed:
    """One target on its seeds; what it finds new is kept beside them, and what breaks it in `corpus`."""
    found = corpus / f"{target}-found"
    found.mkdir(exist_ok=True)
    command = [str(folder / f"fuzz/fuzz-{target}"), *limits, "-print_final_stats=1", "-rss_limit_mb=4096"]
    command += [f"-dict={HERE / 'fuzz/words.dict'}", f"-artifact_prefix={corpus}/{target}-", "-detect_leaks=0"]
    done = subprocess.run(
        [*command, str(found), str(corpus / target)],
        env=os.environ | SANITIZERS,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    return Fuzzed(done.returncode, done.stdout)


def installed_libtorch() -> Path | None:
    spec = importlib.util.find_spec("torch")
    return Path(spec.origin).parent if spec and spec.origin else None


def main(words: list[str]) -> int:
    seconds = int(words[0]) if words else HOUR
    libtorch = installed_libtorch()
    build(BUILD, libtorch)
    corpus = BUILD / "corpus"
    seeds.write(corpus)
    failed = False
    for target in (*TARGETS, *((WITH_LIBTORCH,) if libtorch else ())):
        fuzzed = run(BUILD, target, corpus, f"-max_total_time={seconds}")
        failed = failed or fuzzed.status != 0
        print(f"{target}: {fuzzed.executions} executions, {'FAILED' if fuzzed.status else 'ok'}", flush=True)  # noqa: T201
        if fuzzed.status:
            print(fuzzed.log, file=sys.stderr)  # noqa: T201
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
