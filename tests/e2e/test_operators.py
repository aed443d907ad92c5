"""Operators that are not in LibTorch: torchvision's, a library's, the project's own. No Python in the process."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from .conftest import run

if TYPE_CHECKING:
    from .conftest import Ended, Made, Tsgen

HERE = Path(__file__).parent
MODELS = HERE / "worker/models/operators.py"

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the libraries are made portable on Linux alone")


@pytest.fixture(scope="session")
def library(model_python: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small library of operators, linked as those for Python are."""
    ask = "import torch; print(torch.__path__[0])"
    torch = Path(subprocess.run([model_python, "-c", ask], check=True, capture_output=True, text=True).stdout.strip())
    path = tmp_path_factory.mktemp("library") / "libnegate.so"
    ended = run(
        *("g++", "-std=c++20", "-shared", "-fPIC", HERE / "projects/negate.cpp", "-o", path, f"-I{torch}/include"),
        *(f"-L{torch}/lib", f"-Wl,-rpath,{torch}/lib", "-Wl,--no-as-needed", "-ltorch_cpu", "-lc10", "-ltorch_python"),
        "-Wl,--unresolved-symbols=ignore-all",
    )
    assert ended.status == 0, ended.stderr
    return path


def opened(ended: Ended) -> set[str]:
    """The libraries that the dynamic loader opened, by its own account (LD_DEBUG=files)."""
    words = [line.partition("file=")[2].split()[0] for line in ended.stderr.splitlines() if "file=" in line]
    return {word.rpartition("/")[2] for word in words}


def require_no_python(ended: Ended) -> None:
    assert not [name for name in opened(ended) if "python" in name]


def test_torchvisions_operators_run_without_python(tsgen: Tsgen, resnet: Made, tmp_path: Path) -> None:
    inputs = ("--input", "image=1x3x16x16", "--input", "boxes=5x2", "--input", "scores=5")
    ended = tsgen("export", f"{MODELS}:Detecting", "-o", tmp_path / "model", *inputs, "--json")
    assert ended.status == 0, ended.stderr
    assert {library["namespace"] for library in ended.document["artifact"]["libraries"]} == {"torchvision"}
    proven = run(resnet.program, tmp_path / "model/model.pt", "--verify", env={"LD_DEBUG": "files"})
    assert proven.status == 0, proven.stdout + proven.stderr[-2000:]
    assert opened(proven) & {file.name for file in (tmp_path / "model/ops").iterdir()}
    require_no_python(proven)


def test_without_its_library_the_model_is_refused(tsgen: Tsgen, resnet: Made, library: Path, tmp_path: Path) -> None:
    ended = tsgen("export", f"{MODELS}:Negating", "-o", tmp_path / "model", "--input", "Nx4", "--op-library", library)
    assert ended.status == 0, ended.stderr
    model = tmp_path / "model/model.pt"
    proven = run(resnet.program, model, "--verify", env={"LD_DEBUG": "files"})
    assert proven.status == 0, proven.stdout + proven.stderr[-2000:]
    assert "libnegate.so" in opened(proven)
    require_no_python(proven)
    (tmp_path / "model/ops/libnegate.so").unlink()
    refused = run(resnet.program, model)
    assert refused.status == 2
    assert "libnegate.so" in refused.stderr


def test_an_operator_of_ones_own_gets_into_the_program(
    tsgen: Tsgen, resnet: Made, model_python: Path, tmp_path: Path
) -> None:
    """The only one here that compiles a project."""
    ignore = shutil.ignore_patterns("build", "model", "tsgen.lock", "CMakeUserPresets.json")
    root = Path(shutil.copytree(resnet.root, tmp_path / "myapp", ignore=ignore))
    (root / "net.py").write_text(
        "import torch\n\n\nclass Net(torch.nn.Module):\n    def forward(self, x: torch.Tensor) -> torch.Tensor:\n"
        "        return torch.ops.myapp_ops.scale_add(x, 2.0, 1.0).relu()\n"
    )
    assert tsgen("add", "op", "scale_add", root).status == 0
    build = ("build", root, "--model", root / "net.py:Net", "--input", "Nx8", "--json")
    ended = tsgen(*build)
    assert ended.status == 0, ended.stdout + ended.stderr
    assert ended.document["parity"]["passed"]
    assert not (root / "model/ops").exists()
    program = Path(ended.document["build"]["executable"])
    ran = run(program, "--verify", env={"LD_DEBUG": "files"})
    assert "libmyapp-ops.so" in opened(ran)
    require_no_python(ran)
    tested = run(model_python, root / "ops/test_scale_add.py")
    assert tested.status == 0, tested.stderr
    changed = (root / "ops/scale_add.cpp").read_text().replace("scale * from[i] + offset", "scale * from[i] - offset")
    (root / "ops/scale_add.cpp").write_text(changed)
    again = tsgen(*build)
    assert again.status == 0, again.stdout + again.stderr
    assert again.document["parity"]["passed"]
    assert not {"Operators", "Export"} & set(again.document["up_to_date"])
    assert run(program, "--verify").status == 0
