"""The generated program's options, and the sentences with which it refuses bad input."""

from __future__ import annotations

import json
import shutil
import struct
from typing import TYPE_CHECKING

import numpy as np
import pytest

from .conftest import compiled, run

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from .conftest import Ended, Made


def refused(ended: Ended, *words: str) -> None:
    """Status 2, one `error:` line and one `hint:` line; no interpreter trace, no crash."""
    assert ended.status == 2, ended.stdout + ended.stderr
    lines = ended.stderr.splitlines()
    assert [line.split(":")[1].strip() for line in lines] == ["error", "hint"], ended.stderr
    for word in words:
        assert word in lines[0] + lines[1]


def image(batch: int = 2, side: int = 224) -> np.ndarray:
    return np.random.default_rng(1).standard_normal((batch, 3, side, side)).astype("float32")


@pytest.fixture
def saved(tmp_path: Path) -> Callable[[np.ndarray], Path]:
    def save(array: np.ndarray) -> Path:
        np.save(tmp_path / "x.npy", array)
        return tmp_path / "x.npy"

    return save


def test_input_and_output_files(resnet: Made, saved: Callable[[np.ndarray], Path], tmp_path: Path) -> None:
    out = tmp_path / "new" / "folder"
    ended = run(resnet.runner, "--input", f"x={saved(image())}", "--output", out)
    assert ended.status == 0
    assert np.load(out / "output.output.npy").shape == (2, 1000)


def test_what_it_writes_is_what_python_saved(resnet: Made, tmp_path: Path) -> None:
    case = resnet.root / "model/cases/size-N-3"
    run(resnet.runner, "--input", f"x={case / 'input.x.npy'}", "--output", tmp_path, "--threads", 1)
    assert np.array_equal(np.load(tmp_path / "output.output.npy"), np.load(case / "output.output.npy"))


def test_bench_prints_percentiles_and_throughput(resnet: Made) -> None:
    ended = run(resnet.runner, "--bench", 5, "--threads", 1, "--json")
    bench = json.loads(ended.stdout)["bench"]
    assert (bench["calls"], bench["threads"]) == (5, 1)
    assert bench["first_ms"] > 0
    assert bench["second_ms"] > 0
    assert 0 < bench["p50_ms"] <= bench["p90_ms"] <= bench["p99_ms"]
    assert bench["calls_per_second"] > 0


def test_every_number_of_threads_is_tried(resnet: Made) -> None:
    ended = run(resnet.runner, "--bench", 2, "--threads", "auto", "--json", env={"OMP_NUM_THREADS": "2"})
    bench = json.loads(ended.stdout)["bench"]
    settings = [(each["callers"], each["threads"]) for each in bench["settings"]]
    assert settings in ([(1, 1)], [(1, 1), (1, 2), (2, 1), (2, 2)]), "as many as LibTorch takes for cores"
    assert bench["best"] == max(bench["settings"], key=lambda each: each["calls_per_second"])


@pytest.mark.parametrize("threads", [1, 3])
def test_the_number_of_threads_holds_in_threads_of_the_program(resnet: Made, tmp_path: Path, threads: int) -> None:
    """The first operator is a convolution, of which OpenMP and not LibTorch decides how many threads it takes."""
    program = compiled(resnet, "callers.cpp", tmp_path)
    ended = run(program, resnet.root / "model/model.pt", threads, env={"OMP_NUM_THREADS": "4"})
    before, after = map(int, ended.stdout.split())
    assert after == before + 1 + threads - 1, "the caller, and what OpenMP starts for it"


def test_info_tells_signature_and_versions(resnet: Made) -> None:
    ended = run(resnet.runner, "--info")
    assert ended.status == 0
    for word in ("resnet18", "trace", "float32[N,3,224,224]", "float32[N,1000]", "libtorch"):
        assert word in ended.stdout
    assert json.loads(run(resnet.runner, "--info", "--json").stdout)


def test_verify_as_json_names_every_output(resnet: Made) -> None:
    answer = json.loads(run(resnet.runner, "--verify", "--json").stdout)
    assert (answer["passed"], answer["demand"], answer["threads"]) == (True, "exact", 1)
    assert [case["name"] for case in answer["cases"]] == ["ones", "random-1", "random-2", "size-N-3"]
    assert answer["cases"][0]["outputs"][0]["max_abs"] == 0


def test_more_threads_lower_the_demand_and_say_so(resnet: Made) -> None:
    answer = json.loads(run(resnet.runner, "--verify", "--threads", 2, "--json").stdout)
    assert answer["passed"]
    assert answer["demand"] == "tolerance"
    assert "thread" in answer["reason"]


def test_any_model_of_the_runtime_runs(resnet: Made, artifact: Path, tmp_path: Path) -> None:
    other = shutil.copytree(artifact, tmp_path / "Käse und Brot")
    assert run(resnet.runner, other / "model.pt", "--verify").status == 0


@pytest.mark.parametrize("device", ["cuda", "cuda:1"])
def test_a_gpu_that_is_not_there(device: str, resnet: Made) -> None:
    refused(run(resnet.runner, "--device", device), "CUDA")


@pytest.mark.parametrize(
    "words",
    [
        ("--bench", "many"),
        ("--bench", "0"),
        ("--threads", "-1"),
        ("--device", "tpu"),
        ("--input", "x"),
        ("--inptu", "x=y"),
        ("--output",),
        ("one.pt", "two.pt"),
        ("--input", "x=absent.npy"),
        ("--cases", "absent"),
    ],
)
def test_bad_words(words: tuple[str, ...], resnet: Made) -> None:
    extra = ("--verify",) if words[0] == "--cases" else ()
    refused(run(resnet.runner, *words, *extra), *([words[0]] if words[0] == "--inptu" else []))


def test_an_error_as_json(resnet: Made) -> None:
    ended = run(resnet.runner, "--device", "tpu", "--json")
    assert ended.status == 2
    assert set(json.loads(ended.stdout)["error"]) == {"message", "hint"}


BAD_ARRAYS = {
    "rank": (image()[0], ("float32[N,3,224,224]", "float32[3,224,224]")),
    "fixed dimension": (image(side=200), ("float32[N,3,224,224]", "200")),
    "dtype": (image().astype("float64"), ("float32", "float64")),
    "Fortran order": (np.asfortranarray(image()), ("Fortran",)),
    "big-endian": (image().astype(">f4"), ("endian",)),
}


@pytest.mark.parametrize("name", BAD_ARRAYS)
def test_a_wrong_array(name: str, resnet: Made, saved: Callable[[np.ndarray], Path]) -> None:
    array, words = BAD_ARRAYS[name]
    refused(run(resnet.runner, "--input", f"x={saved(array)}"), *words)


def lying(header: str) -> bytes:
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header) + 1) + header.encode() + b"\n" + bytes(64)


BAD_FILES = {
    "empty": b"",
    "not npy": b"hello, this is not an array",
    "truncated header": b"\x93NUMPY\x01\x00\x76",
    "fewer bytes than its shape": lying("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3, 224, 224), }"),
    "a shape that overflows": lying("{'descr': '<f4', 'fortran_order': False, 'shape': (4294967296, 4294967296, 4), }"),
    "a negative shape": lying("{'descr': '<f4', 'fortran_order': False, 'shape': (-1, 3), }"),
    "no shape": lying("{'descr': '<f4', 'fortran_order': False, }"),
    "objects": lying("{'descr': '|O', 'fortran_order': False, 'shape': (2,), }"),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_spoilt_npy(name: str, resnet: Made, tmp_path: Path) -> None:
    path = tmp_path / "x.npy"
    path.write_bytes(BAD_FILES[name])
    refused(run(resnet.runner, "--input", f"x={path}"), "x.npy")


def test_unknown_and_repeated_inputs(resnet: Made, saved: Callable[[np.ndarray], Path]) -> None:
    path = saved(image())
    refused(run(resnet.runner, "--input", f"y={path}"), "y", "x")
    refused(run(resnet.runner, "--input", f"x={path}", "--input", f"x={path}"), "x")


def test_an_output_that_cannot_be_written(resnet: Made, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    refused(run(resnet.runner, "--output", tmp_path / "file" / "folder"), "folder")


def test_cases_that_are_missing(resnet: Made, artifact: Path) -> None:
    (artifact / "cases/random-1/output.output.npy").unlink()
    refused(run(resnet.runner, artifact / "model.pt", "--verify"), "random-1")
    shutil.rmtree(artifact / "cases")
    refused(run(resnet.runner, artifact / "model.pt", "--verify"), "cases")


FOREIGN_MODELS = {
    "a state_dict": "import torch, sys; torch.save({'w': torch.ones(2)}, sys.argv[1])",
    "no signature": "import torch, sys; torch.jit.save(torch.jit.script(torch.nn.Linear(2, 2)), sys.argv[1])",
}


@pytest.mark.parametrize("name", FOREIGN_MODELS)
def test_a_foreign_model(name: str, resnet: Made, model_python: Path, tmp_path: Path) -> None:
    path = tmp_path / "foreign.pt"
    run(model_python, "-W", "ignore", "-c", FOREIGN_MODELS[name], path)
    refused(run(resnet.runner, path), "foreign.pt", "tsgen")


def test_a_model_of_a_newer_torch(resnet: Made, artifact: Path, tmp_path: Path) -> None:
    """The archive's version record says that a later PyTorch wrote it."""
    path = newer(artifact / "model.pt", tmp_path / "newer.pt")
    refused(run(resnet.runner, path), "newer")


def newer(model: Path, target: Path) -> Path:
    import zipfile  # noqa: PLC0415

    with zipfile.ZipFile(model) as old, zipfile.ZipFile(target, "w") as new:
        for item in old.infolist():
            data = old.read(item)
            new.writestr(item.filename, b"9999\n" if item.filename.endswith("/version") else data)
    return target
