"""`tsgen new --runtime aotinductor --packaged`: a library that is compiled with the export, and refused elsewhere."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from .conftest import make, run

if TYPE_CHECKING:
    from .conftest import Made, Tsgen

MODEL = """
import torch

class Net(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.linear = torch.nn.Linear(6, 3)

    def forward(self, x):
        return torch.nn.functional.gelu(self.linear(x))
"""


@pytest.fixture(scope="module")
def temporary(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder for temporary files of the process that exports."""
    return tmp_path_factory.mktemp("temporary")


@pytest.fixture(scope="module")
def made(tsgen: Tsgen, temporary: Path, tmp_path_factory: pytest.TempPathFactory) -> Made:
    folder = tmp_path_factory.mktemp("packaged form")
    (folder / "net.py").write_text(MODEL, encoding="utf-8")
    words = ("--model", f"{folder / 'net.py'}:Net", "--input", "Nx6", "--runtime", "aotinductor", "--packaged")
    return make(tsgen, folder, "packed", *words, env={"TMPDIR": str(temporary)})


def library(made: Made) -> Path:
    return made.root / "model/model.so"


def test_it_is_proven_as_it_lies_in_the_project(made: Made, tsgen: Tsgen) -> None:
    artifact, parity = made.outcome["artifact"], made.outcome["parity"]
    assert (artifact["runtime"], artifact["packaged"], Path(artifact["path"])) == ("aotinductor", True, library(made))
    assert parity["passed"]
    assert parity["reason"] == "AOTInductor computes in another order"
    assert {"random-1", "size-N-3", "N-1"} <= {case["name"] for case in parity["cases"]}
    assert "packaged = true" in (made.root / "tsgen.toml").read_text(encoding="utf-8").splitlines()
    ended = tsgen("build", made.root, "--json")
    assert {"export", "build", "prove"} <= set(ended.document["up_to_date"]), ended.stderr


def test_the_build_compiles_no_model_and_nothing_is_left_in_temporary_folders(made: Made, temporary: Path) -> None:
    assert {path.name for path in (made.root / "model").iterdir()} == {"cases", "manifest.json", "model.so"}
    assert not list(made.runner.parent.rglob("model.so"))
    assert list(temporary.iterdir()) == []


def test_the_library_names_no_path_of_this_machine_and_needs_no_library_of_cuda(made: Made) -> None:
    content = library(made).read_bytes()
    strings = {word.decode("ascii") for word in re.findall(rb"[\x20-\x7e]{5,}", content)}
    assert [word for word in strings if word.startswith(("/", str(Path.home()))) and Path(word).is_absolute()] == []
    told = run("readelf", "-d", library(made)).stdout
    needed = re.findall(r"\(NEEDED\).*\[(.*?)\]", told)
    assert "libtorch_cpu.so" in needed
    assert "libtorch.so" not in needed
    assert "RUNPATH" not in told


def test_the_projects_own_tests_and_an_installed_program_run(made: Made, tmp_path: Path) -> None:
    ended = run("ctest", "--preset", "release", cwd=made.root)
    assert ended.status == 0, ended.stdout
    assert run("cmake", "--install", made.runner.parent, "--prefix", tmp_path).status == 0
    assert run(tmp_path / "bin/packed-runner", "--verify", cwd=Path("/")).status == 0
    assert run(tmp_path / "bin/packed", cwd=Path("/")).status == 0


def absent() -> bytes:
    """A feature that this CPU has not."""
    flags = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    known = (("avx512f", "avx512f"), ("amx-fp16", "amx_fp16"), ("avx512fp16", "avx512_fp16"), ("sse17", "sse17"))
    return next(name for name, flag in known if flag not in flags).encode()


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (rb"needs\tx86_64\t", b"needs\triscv0\t", r"was compiled for riscv0, and this is x86_64"),
        (
            rb"(needs\tx86_64\t\w+\t)[^\n]*",
            rb"\1FEATURE",
            r"was compiled for CPUs with \w+, and this CPU has no FEATURE",
        ),
        (rb"torch\t2\.1", b"torch\t1.0", r"was compiled for LibTorch 1\.0[\d.]*, and this program has 2\.1"),
    ],
)
def test_what_is_for_another_machine_is_refused_before_it_is_opened(
    made: Made, tmp_path: Path, before: bytes, after: bytes, said: str
) -> None:
    content = bytearray(library(made).read_bytes())
    place = re.search(rb"tsgen-signature\t2\n.*?\nneeds[^\n]*\n", content, re.DOTALL)
    assert place
    text = re.sub(before, after, place[0]).replace(b"FEATURE", absent())
    content[place.start() : place.end()] = text[:-1][: len(place[0]) - 1].ljust(len(place[0]) - 1, b",") + b"\n"
    (tmp_path / "model.so").write_bytes(content)
    ended = run(made.runner, tmp_path / "model.so", "--info")
    assert (ended.status, ended.stdout) == (2, "")
    assert re.search(said.replace("FEATURE", absent().decode()), ended.stderr), ended.stderr
    assert ended.stderr.count("hint: ") == 1
