"""The OpenMP of a compiled model that g++ makes for Windows: GNU's calls on LLVM's runtime, which Linux has too."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from .test_cpp import LIBRARY

if TYPE_CHECKING:
    from collections.abc import Sequence

SOURCE = LIBRARY / "cmake/compiled_model_openmp.cpp"
# The forms of a loop in Inductor's C++, and the numbers that they must come to.
LOOPS = r"""
#include <omp.h>
#include <atomic>
#include <cstdio>
#include <vector>

int main() {
  omp_set_num_threads(3);
  std::vector<int> seen(1000);
  std::atomic<int> team{0}, once{0}, early{0}, arrived{0};
#pragma omp parallel
  {
    if (omp_get_thread_num() == 0) team = omp_get_num_threads();
#pragma omp for
    for (int i = 0; i < 1000; ++i) ++seen[i];
#pragma omp single
    ++once;
    ++arrived;
#pragma omp barrier
    if (arrived != omp_get_num_threads()) ++early;
  }
  int fixed = 0, alone = 0, wrong = 0, threads = 0;
#pragma omp parallel num_threads(2)
  if (omp_get_thread_num() == 1) fixed = omp_get_num_threads();
#pragma omp parallel num_threads(1)
  alone = omp_get_num_threads();
  for (int each : seen) wrong += each != 1;
  omp_set_num_threads(1);
#pragma omp parallel
  if (omp_get_thread_num() == 0) threads = omp_get_num_threads();
  std::printf("team %d once %d early %d fixed %d alone %d wrong %d then %d\n", team.load(), once.load(), early.load(),
              fixed, alone, wrong, threads);
}
"""


def run(command: Sequence[str | Path]) -> str:
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture
def clang() -> str:
    """It links with LLVM's runtime."""
    found = shutil.which("clang++")
    header = run([found, "-print-file-name=include/omp.h"]).strip() if found else ""
    if not found or not shutil.which("g++") or not Path(header).is_absolute():
        pytest.skip("no g++, or no clang++ with OpenMP (Debian: libomp-dev)")
    return found


def test_loops_of_gnus_compiler_run_in_teams_of_llvms_runtime(clang: str, tmp_path: Path) -> None:
    (tmp_path / "loops.cpp").write_text(LOOPS)
    for source in (tmp_path / "loops.cpp", SOURCE):
        run(["g++", "-std=c++17", "-O2", "-fopenmp", "-Wall", "-c", source, "-o", tmp_path / f"{source.stem}.o"])
    program = tmp_path / "loops"
    run([clang, "-fopenmp=libomp", *tmp_path.glob("*.o"), "-o", program])
    told = run(["ldd", program])
    assert "libomp" in told
    assert "libgomp" not in told
    assert run([program]) == "team 3 once 1 early 0 fixed 2 alone 1 wrong 0 then 1\n"
    assert {line.split()[-1] for line in run(["nm", "--defined-only", "-g", program]).splitlines()} >= {
        "GOMP_barrier",
        "GOMP_parallel",
        "GOMP_single_start",
    }


def test_the_weights_are_brought_in_for_windows_too(tmp_path: Path) -> None:
    mingw = shutil.which("x86_64-w64-mingw32-g++-posix")
    if not mingw:
        pytest.skip("no x86_64-w64-mingw32-g++-posix (Debian: g++-mingw-w64-x86-64-posix)")
    (tmp_path / "weights.bin").write_bytes(b"weights!")
    (tmp_path / "signature.tsgen").write_text("the signature")
    text = (LIBRARY / "cmake/compiled_model.cpp.in").read_text().replace("@TSGEN_MODEL_FOLDER@", str(tmp_path))
    (tmp_path / "data.cpp").write_text(text)
    made = tmp_path / "data.o"
    run([mingw, "-c", tmp_path / "data.cpp", "-o", made])
    symbols = {line.split()[-1] for line in run(["x86_64-w64-mingw32-nm", "--defined-only", made]).splitlines()}
    assert {
        "_binary_constants_bin_start",
        "_binary_constants_bin_end",
        "tsgen_signature",
        "tsgen_set_threads",
    } <= symbols
    contents = made.read_bytes()
    assert b"weights!" in contents
    assert b"the signature" in contents
    assert "DATA" in run(["x86_64-w64-mingw32-objdump", "-h", made])
