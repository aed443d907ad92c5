"""`tsgen new --runtime aotinductor`: C++ that is written for the model, built here, and proven to be Python's."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from .conftest import HERE, compiled, make, run

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .conftest import Made, Tsgen

SPEC = HERE / "worker/models/compiled_ahead.py"


@pytest.fixture(scope="module")
def made(tsgen: Tsgen, tmp_path_factory: pytest.TempPathFactory) -> Made:
    """Nested, with an answer that is an input, one that lies by columns, an input changed in place, and a number."""
    return make(tsgen, tmp_path_factory.mktemp("aot"), "aot", "--model", f"{SPEC}:Mixed", "--runtime", "aotinductor")


@pytest.fixture
def inputs(made: Made) -> dict[str, Path]:
    """The first case's."""
    case = made.root / "model/cases/example"
    return {name: case / f"input.{name}.npy" for name in ("batch.x", "ids")}


@pytest.fixture
def weights(made: Made) -> Iterator[Path]:
    """The weights of the project, to change; afterwards they are as before."""
    file = made.root / "model/weights.bin"
    before = file.read_bytes()
    yield file
    file.write_bytes(before)
    assert run("cmake", "--build", made.runner.parent).status == 0


def library(made: Made) -> Path:
    return made.runner.parent / "model/model.so"


def test_it_is_proven_by_the_noise_floor_and_that_is_said(made: Made) -> None:
    artifact, parity = made.outcome["artifact"], made.outcome["parity"]
    assert (artifact["runtime"], artifact["method"], artifact["exact"]) == ("aotinductor", "export", False)
    assert parity["passed"]
    assert (parity["demand"], parity["reason"]) == ("floor", "AOTInductor computes in another order")
    assert {floor["output"] for floor in parity["floors"]} == {"scores", "same", "columns"}
    judged = [case for case in parity["cases"] if case["output"] in {"scores", "columns"}]
    assert all(0 < case["float64_error"] <= case["limit"] < 4e-6 for case in judged)
    assert all(case["python_float64_error"] <= case["limit"] / 4 for case in judged)
    assert parity["tolerance"].keys() <= {"float64", "float16", "bfloat16", "complex64", "complex128"}
    assert parity["devices"] == {"cpu": "proven"}
    names = {case["name"] for case in parity["cases"]}
    assert {"example", "example-2", "example-3"} <= names
    outputs = {case["output"] for case in parity["cases"]}
    assert outputs == {"scores", "same", "columns", "rest.0", "rest.1", "rest.2"}
    exact = [case["max_abs"] for case in parity["cases"] if case["output"].startswith(("rest", "same"))]
    assert set(exact) == {0.0}


def test_the_number_is_told(made: Made) -> None:
    assert "times is fixed to 3: it cannot change in the export" in made.outcome["artifact"]["notes"]
    assert "times" not in (made.root / "include/aot/model.hpp").read_text(encoding="utf-8")


def test_nothing_is_done_twice(made: Made, tsgen: Tsgen) -> None:
    ended = tsgen("build", made.root, "--json")
    assert ended.status == 0, ended.stderr
    assert {"export", "build", "prove"} <= set(ended.document["up_to_date"])


def test_the_program_and_the_runner_find_the_model(made: Made) -> None:
    assert run(made.program, cwd=Path("/")).stdout.startswith("ok\n")
    assert run(made.runner, "--verify", cwd=Path("/")).status == 0
    told = run(made.runner, "--info").stdout
    assert "export, torch 2." in told
    assert "the model was compiled for the CPU, by AOTInductor" in told
    assert not re.search(r", $", told, re.MULTILINE)


def test_the_projects_own_tests_pass(made: Made) -> None:
    ended = run("ctest", "--preset", "release", cwd=made.root)
    assert ended.status == 0, ended.stdout
    assert "100% tests passed" in ended.stdout


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("batch.x", np.zeros((4, 7), np.float32), "dimension 1 must be 6"),
        ("batch.x", np.zeros((4, 6, 1), np.float32), "the rank must be 2"),
        ("batch.x", np.zeros((4, 6), np.float64), "the dtype must be float32"),
        ("batch.x", np.zeros((5, 6), np.float32), "dimension 0 (N) must be 5, as in input batch.x"),
        ("ids", np.zeros((4, 2), np.int32), "the dtype must be int64"),
    ],
)
def test_what_aotinductor_does_not_check_is_refused(
    made: Made, inputs: dict[str, Path], tmp_path: Path, name: str, value: np.ndarray, said: str
) -> None:
    """It would answer each of them with wrong numbers, and without a word."""
    np.save(tmp_path / "odd.npy", value)
    given = {**inputs, name: tmp_path / "odd.npy"}
    ended = run(made.runner, *(word for key, file in given.items() for word in ("--input", f"{key}={file}")))
    assert ended.status == 2
    assert said in ended.stderr
    assert str(made.root) not in ended.stderr.replace(str(tmp_path), "")


def test_sizes_that_no_case_has(made: Made, tmp_path: Path) -> None:
    """An empty batch, and a large one."""
    for rows in (0, 300):
        x, ids = np.full((rows, 6), 0.5, np.float32), np.full((rows, 2), -7)
        np.save(tmp_path / "x.npy", x)
        np.save(tmp_path / "ids.npy", ids)
        given = ("--input", f"batch.x={tmp_path / 'x.npy'}", "--input", f"ids={tmp_path / 'ids.npy'}")
        ended = run(made.runner, *given, "--output", tmp_path / str(rows))
        assert ended.status == 0, ended.stderr
        answer = {
            name: np.load(tmp_path / str(rows) / f"output.{name}.npy")
            for name in ("same", "columns", "rest.0", "rest.1")
        }
        assert answer["columns"].shape == (3, rows)
        assert (answer["same"] == 2 * x).all()
        assert (answer["rest.0"] == ids % 3).all()
        assert (answer["rest.1"] == ids // -2).all()


def test_many_threads_share_one_model(made: Made) -> None:
    ended = run(made.runner, "--stress", "8", "--json")
    assert ended.status == 0, ended.stdout + ended.stderr
    assert json.loads(ended.stdout)["wrong"] == 0


def test_answers_and_inputs_have_memory_of_their_own(made: Made, tmp_path: Path) -> None:
    ended = run(compiled(made, "own_memory.cpp", tmp_path), library(made))
    assert (ended.status, ended.stdout) == (0, "own memory\n"), ended.stderr


def test_a_changed_weight_is_caught(made: Made, tsgen: Tsgen, weights: Path) -> None:
    content = bytearray(weights.read_bytes())
    numbers = np.frombuffer(content, np.float32).copy()
    numbers[:64] *= 1.001
    weights.write_bytes(numbers.tobytes())
    assert run("cmake", "--build", made.runner.parent).status == 0
    ended = run(made.runner, "--verify")
    assert ended.status == 1, ended.stdout
    assert "scores" in ended.stdout
    assert tsgen("test", made.root).status == 8


def test_a_thousandth_of_any_weight_is_caught(made: Made, tmp_path: Path) -> None:
    """In what was built: the weights are bytes of the library."""
    content, weights = library(made).read_bytes(), (made.root / "model/weights.bin").read_bytes()
    begin, ran = content.index(weights), {}
    for name, place, count in _constants(made):
        numbers = np.frombuffer(weights, np.float32, count, place)
        signs = np.random.default_rng(0).choice([-1, 1], count)
        spoilt = (numbers * (1 + 1e-3 * signs)).astype(np.float32).tobytes()
        file = tmp_path / "model.so"
        file.write_bytes(content[: begin + place] + spoilt + content[begin + place + len(spoilt) :])
        ended = run(made.runner, file, "--verify", "--cases", made.root / "model/cases")
        ran[name.removeprefix("model.")] = ended.status
    assert ran.pop("norm.bias") == 0  # a thousandth of nothing; that of the last layer is in the code
    assert ran == dict.fromkeys(("first.weight", "first.bias", "norm.weight", "second.weight"), 1)


def _constants(made: Made) -> Iterator[tuple[str, int, int]]:
    """Of each constant its name, where it lies in weights.bin, and how many numbers it has."""
    said = (made.root / "model/model.cpp").read_text(encoding="utf-8")
    names = re.findall(r'constants_info_\[\d+\].original_fqn = "([^"]*)"', said)
    sizes = map(int, re.findall(r"constants_info_\[\d+\].data_size = (\d+)", said))
    place = 0
    for name, size in zip(names, sizes, strict=True):
        yield name, place, size // 4
        place += -(-size // 64) * 64


def test_the_report_shows_both_errors(made: Made, tsgen: Tsgen, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    ended = tsgen("test", made.root, "--report", page, "--json")
    assert ended.status == 0, ended.stderr
    text = page.read_text(encoding="utf-8")
    assert '<th scope="col">C++ from float64</th><th scope="col">Python from float64</th>' in text
    assert "No further from float64 than 4 times Python is: AOTInductor computes in another order." in text


def test_no_path_of_this_machine_is_in_what_is_committed(made: Made) -> None:
    for name in ("model.cpp", "weights.bin", "signature.tsgen"):
        content = (made.root / "model" / name).read_bytes()
        assert str(SPEC.parent).encode() not in content, name
        assert b"/tmp/" not in content, name


def test_what_is_no_compiled_model_is_refused(made: Made, tmp_path: Path) -> None:
    cut = tmp_path / "model.so"
    cut.write_bytes(library(made).read_bytes()[:5000])
    for file, said in ((made.root / "tsgen.toml", "is not a compiled model"), (cut, "is truncated")):
        ended = run(made.runner, file, "--info")
        assert (ended.status, ended.stdout) == (2, "")
        assert said in ended.stderr
    ended = run(made.runner, library(made), "--device", "cuda")
    assert ended.status == 2
    assert "was compiled for the CPU" in ended.stderr


def test_installed_it_runs_without_its_sources(made: Made, tmp_path: Path) -> None:
    place = tmp_path / "installed"
    ended = run("cmake", "--install", made.runner.parent, "--prefix", place)
    assert ended.status == 0, ended.stderr
    assert not (place / "share/aot/model/model.cpp").exists()
    assert run(place / "bin/aot-runner", "--verify", cwd=Path("/")).status == 0
    assert run(place / "bin/aot", cwd=Path("/")).status == 0


def test_commands_that_do_not_know_it_yet_say_so(made: Made, tsgen: Tsgen) -> None:
    for words in (("test", made.root, "--bisect"), ("add", "op", "twice", made.root)):
        ended = tsgen(*words)
        assert ended.status == 2, (words, ended.stdout, ended.stderr)
        assert "aotinductor" in ended.stderr.lower()
        assert ended.stderr.count("hint: ") == 1


def test_what_is_in_it_is_told(made: Made, tsgen: Tsgen) -> None:
    found = tsgen("inspect", made.root, "--code", "--json").document
    assert found["file"] == str(made.root / "model/model.cpp")
    assert found["produced_by"]["torch_version"] == made.outcome["artifact"]["torch_version"]
    shapes = {each["name"]: each["shape"] for each in found["tensors"]}
    assert shapes["first.weight"] == [32, 6]
    assert found["archive"]["data"] == found["submodules"][0]["bytes"] > 4 * 32 * 6
    calls = {each["name"]: each["in_libtorch"] for each in found["operators"]}
    assert calls["aten::addmm_out"]
    assert any(name.startswith("kernel::fused") and not known for name, known in calls.items())
    assert found["methods"][0]["writes"]["inputs"] == ["batch.x"]
    assert "AOTInductorModel" in found["code"][0]["text"]
    assert "C++ of AOTInductor's" in tsgen("inspect", made.root / "model").stdout


def test_an_export_alone_is_the_projects(made: Made, tsgen: Tsgen, tmp_path: Path) -> None:
    ended = tsgen("export", f"{SPEC}:Mixed", "--runtime", "aotinductor", "-o", tmp_path / "out")
    assert ended.status == 0, ended.stderr
    for name in ("model.cpp", "weights.bin", "cases/index.tsv"):
        assert (tmp_path / "out" / name).read_bytes() == (made.root / "model" / name).read_bytes(), name


def test_an_edited_library_is_put_back_and_proven(made: Made, tsgen: Tsgen) -> None:
    edited = made.root / "third_party/tsgen/src/core/text.cpp"
    before = edited.read_bytes()
    edited.write_bytes(before + b"// ours\n")
    assert "was edited" in tsgen("update", made.root).stderr
    ended = tsgen("update", made.root, "--force", "--json")
    assert ended.status == 0, ended.stderr
    assert edited.read_bytes() == before
    assert tsgen("update", made.root, "--check").status == 0


def test_the_other_runtime_takes_its_place(made: Made, tsgen: Tsgen, tmp_path: Path) -> None:
    """And leaves nothing of the first in model/."""
    root = Path(shutil.copytree(made.root, tmp_path / "aot", ignore=shutil.ignore_patterns("build")))
    ended = tsgen("build", root, "--runtime", "torchscript", "--json")
    assert ended.status == 0, ended.stderr
    assert ended.document["parity"]["demand"] == "exact"
    assert {path.name for path in (root / "model").iterdir()} == {"cases", "manifest.json", "model.pt"}


def test_legs_of_both_runtimes_are_proven_each_with_its_own_export(made: Made, tsgen: Tsgen) -> None:
    toml = made.root / "tsgen.toml"
    before = toml.read_text(encoding="utf-8")
    toml.write_text(f'{before}\n[matrix]\nruntime = ["aotinductor", "torchscript"]\n', encoding="utf-8")
    try:
        ended = tsgen("matrix", made.root, "--run", "--json")
    finally:
        toml.write_text(before, encoding="utf-8")
    assert ended.status == 0, ended.stdout + ended.stderr
    ahead, script = ended.document["legs"]
    assert (ahead["state"], ahead["parity"]["demand"]) == ("proven", "floor")
    assert (script["state"], script["parity"]["demand"]) == ("proven", "exact")
    other = made.root / "build/matrix/.runtimes/torchscript"
    assert (other / "model/model.pt").is_file()
    assert "times" in (other / "include/aot/model.hpp").read_text(encoding="utf-8")
    assert not (made.root / "model/model.pt").exists()
    assert "times" not in (made.root / "include/aot/model.hpp").read_text(encoding="utf-8")
