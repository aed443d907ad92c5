"""Operators that are not in LibTorch: torchvision's, a library's, the project's own. No Python in the process."""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from .conftest import compiled, run

if TYPE_CHECKING:
    from .conftest import Ended, Made, Tsgen

HERE = Path(__file__).parent
MODELS = HERE / "worker/models/operators.py"

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the libraries are made portable on Linux alone")


@pytest.fixture(scope="session")
def library(model_python: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small library of operators, linked as those for Python are."""
    return built(model_python, tmp_path_factory.mktemp("library"))


def built(model_python: Path, folder: Path, *flags: str) -> Path:
    ask = "import torch; print(torch.__path__[0])"
    torch = Path(subprocess.run([model_python, "-c", ask], check=True, capture_output=True, text=True).stdout.strip())
    path = folder / "libnegate.so"
    ended = run(
        *(
            "g++",
            "-std=c++20",
            *flags,
            "-shared",
            "-fPIC",
            HERE / "projects/negate.cpp",
            "-o",
            path,
            f"-I{torch}/include",
        ),
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
    proven = run(resnet.runner, tmp_path / "model/model.pt", "--verify", env={"LD_DEBUG": "files"})
    assert proven.status == 0, proven.stdout + proven.stderr[-2000:]
    assert opened(proven) & {file.name for file in (tmp_path / "model/ops").iterdir()}
    require_no_python(proven)


def test_without_its_library_the_model_is_refused(tsgen: Tsgen, resnet: Made, library: Path, tmp_path: Path) -> None:
    ended = tsgen("export", f"{MODELS}:Negating", "-o", tmp_path / "model", "--input", "Nx4", "--op-library", library)
    assert ended.status == 0, ended.stderr
    model = tmp_path / "model/model.pt"
    proven = run(resnet.runner, model, "--verify", env={"LD_DEBUG": "files"})
    assert proven.status == 0, proven.stdout + proven.stderr[-2000:]
    assert "libnegate.so" in opened(proven)
    require_no_python(proven)
    seen = tsgen("inspect", model, "--json")
    assert seen.status == 0, seen.stderr
    assert seen.document["missing_operators"] == []
    again = tsgen("export", model, "-o", tmp_path / "again", "--input", "Nx4")
    assert again.status == 0, again.stderr
    assert (tmp_path / "again/ops/libnegate.so").is_file()
    (tmp_path / "model/ops/libnegate.so").rename(tmp_path / "model/ops/libother.so")
    assert tsgen("inspect", model).status == 4  # what nobody named is not loaded, wherever it lies
    (tmp_path / "model/ops/libother.so").unlink()
    refused = run(resnet.runner, model)
    assert refused.status == 2
    assert "libnegate.so" in refused.stderr


@dataclass(frozen=True)
class Three:
    """A model, a copy of it elsewhere, and one that was exported with another build of the same library."""

    model: Path
    copy: Path
    other: Path
    program: Path
    """Loads the models that it is given, one after the other."""

    def load(self, *models: Path, **env: str) -> Ended:
        return run(self.program, *models, env=env)


@pytest.fixture(scope="module")
def three(
    tsgen: Tsgen, resnet: Made, library: Path, model_python: Path, tmp_path_factory: pytest.TempPathFactory
) -> Three:
    folder = tmp_path_factory.mktemp("three")
    for name, each in (("one", library), ("other", built(model_python, folder, "-g"))):
        ended = tsgen("export", f"{MODELS}:Negating", "-o", folder / name, "--input", "Nx4", "--op-library", each)
        assert ended.status == 0, ended.stderr
    shutil.copytree(folder / "one", folder / "copy")
    model, copy, other = (folder / name / "model.pt" for name in ("one", "copy", "other"))
    return Three(model=model, copy=copy, other=other, program=compiled(resnet, "several.cpp", folder))


def test_a_library_is_opened_once_however_many_copies_lie_around(three: Three) -> None:
    """LibTorch ends a process that registers an operator twice."""
    ended = three.load(three.model, three.copy, three.model)
    assert ended.status == 0, ended.stderr
    assert ended.stdout == "1 outputs\n" * 3


def test_a_copy_is_known_also_where_the_first_was_removed(three: Three, tmp_path: Path) -> None:
    shutil.copytree(three.model.parent, tmp_path / "gone")
    ended = run(three.program, "gone/model.pt", "-gone", three.copy, cwd=tmp_path)
    assert ended.stdout == "1 outputs\n" * 2, ended.stderr
    assert not (tmp_path / "gone").exists()


def test_a_program_that_has_the_operators_itself_needs_no_library(three: Three, tmp_path: Path) -> None:
    """As a program that links torchvision has them, of whatever build."""
    linked = str(three.other.parent / "ops/libnegate.so")
    assert three.load(three.model, LD_PRELOAD=linked).stdout == "1 outputs\n"
    (alone := tmp_path / "alone").mkdir()
    shutil.copy(three.model, alone)
    assert three.load(alone / "model.pt", LD_PRELOAD=linked).stdout == "1 outputs\n"
    assert three.load(alone / "model.pt").status == 2


def test_two_builds_of_a_library_in_one_process_are_refused_by_name(three: Three) -> None:
    """The second model was not proven with the operators of the first."""
    ended = three.load(three.model, three.other)
    assert (ended.status, ended.stdout) == (2, "1 outputs\n")
    assert "another model has loaded the same operators of another build" in ended.stderr
    assert str(three.other.parent / "ops/libnegate.so") in ended.stderr


def test_torchvisions_library_of_two_models_is_opened_once(tsgen: Tsgen, three: Three, tmp_path: Path) -> None:
    for name in ("InAMethod", "Detecting"):
        inputs = ("--input", "image=1x3x16x16", "--input", "boxes=5x2", "--input", "scores=5")
        words = inputs if name == "Detecting" else ("--input", "Nx4", "--method", "script")
        ended = tsgen("export", f"{MODELS}:{name}", "-o", tmp_path / name, *words)
        assert ended.status == 0, ended.stderr
    ended = three.load(tmp_path / "InAMethod/model.pt", three.model, tmp_path / "Detecting/model.pt")
    assert ended.status == 0, ended.stderr
    assert ended.stdout == "1 outputs\n1 outputs\n2 outputs\n"


def test_a_model_from_memory_is_told_where_its_operators_are(
    tsgen: Tsgen, resnet: Made, library: Path, tmp_path: Path
) -> None:
    ended = tsgen("export", f"{MODELS}:Negating", "-o", tmp_path / "model", "--input", "Nx4", "--op-library", library)
    assert ended.status == 0, ended.stderr
    program = compiled(resnet, "from_memory.cpp", tmp_path)
    model = tmp_path / "model/model.pt"
    assert run(program, model, tmp_path / "model/ops").stdout == "1 outputs\n"
    # Not from the folder where the program happens to run.
    refused = run(program, model, cwd=tmp_path / "model")
    assert refused.status == 2
    assert "libnegate.so" in refused.stderr
    assert "LoadOptions" in refused.stderr


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
    for place in (root, root / "model", root / "model/model.pt"):
        assert tsgen("inspect", place, "--json").document["missing_operators"] == []
    shared = tsgen("export", "model/model.pt", "-o", tmp_path / "shared", "--input", "Nx8", cwd=root)
    assert shared.status == 0, shared.stderr
    assert run(ended.document["build"]["runner"], tmp_path / "shared/model.pt", "--verify").status == 0
    program = Path(ended.document["build"]["runner"])
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
