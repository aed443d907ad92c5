"""The generated program takes values of every structure. Its models are written without the worker."""

from __future__ import annotations

import json
import shutil
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from .conftest import run
from .test_program import refused

if TYPE_CHECKING:
    from collections.abc import Callable

    from .conftest import Ended, Made

MAKER = Path(__file__).parent / "worker/models/structures.py"
MODELS = ["detector", "options", "defaulted", "nested", "flat", "counter", "coder", "dtypes", "quantized"]


@pytest.fixture(scope="module")
def saved(model_python: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("structures") / "models"
    ended = run(model_python, "-W", "ignore", MAKER, folder)
    assert ended.status == 0, ended.stderr
    return folder


@pytest.fixture
def spoilt(saved: Path, tmp_path: Path) -> Callable[[str], Path]:
    """A copy of a model's folder to change."""
    return lambda name: Path(shutil.copytree(saved / name, tmp_path / name))


@pytest.fixture
def call(resnet: Made, saved: Path, tmp_path: Path) -> Callable[..., Ended]:
    """Run a model on values, given as in `images.0=[[1.0]]`: each goes through a .npy file."""

    def ended(model: str, inputs: list[tuple[str, Any]], *words: object) -> Ended:
        options: list[object] = []
        for i, (name, value) in enumerate(inputs):
            np.save(tmp_path / f"{i}.npy", value)
            options += ["--input", f"{name}={tmp_path / f'{i}.npy'}"]
        return run(resnet.runner, saved / model / "model.pt", *options, *words)

    return ended


def with_signature(folder: Path, change: Callable[[str], str]) -> Path:
    """The model file again, with other lines in its signature."""
    target = folder / "changed.pt"
    with zipfile.ZipFile(folder / "model.pt") as old, zipfile.ZipFile(target, "w") as new:
        for item in old.infolist():
            data = old.read(item)
            if item.filename.endswith("extra/signature.tsgen"):
                data = change(data.decode()).encode()
            new.writestr(item.filename, data)
    return target


OPTIONS: dict[str, Any] = {
    "x": np.ones((2, 3), dtype="float32"),
    "k": np.int64(3),
    "scale": np.float64(0.5),
    "flip": np.bool_(False),
    "mode": np.str_("größer"),
}


def options(**changed: Any) -> list[tuple[str, Any]]:
    return [(name, value) for name, value in {**OPTIONS, **changed}.items() if value is not None]


@pytest.mark.parametrize("model", MODELS)
def test_every_structure_is_what_python_saved(model: str, resnet: Made, saved: Path) -> None:
    """The index allows no tolerance, so this is bit for bit."""
    ended = run(resnet.runner, saved / model / "model.pt", "--verify", "--json")
    assert ended.status == 0, ended.stdout + ended.stderr
    cases = json.loads(ended.stdout)["cases"]
    assert [output["max_abs"] for case in cases for output in case["outputs"] if output["max_abs"] != 0] == []
    files = sorted(file.name[7:-4] for file in (saved / model / "cases").glob("*/output.*.npy"))
    assert sorted(output["name"] for case in cases for output in case["outputs"]) == files


@pytest.mark.parametrize("model", [name for name in MODELS if name != "nested"])
def test_ones_fit_every_structure(model: str, resnet: Made, saved: Path) -> None:
    ended = run(resnet.runner, saved / model / "model.pt", "--json")
    assert ended.status == 0, ended.stdout + ended.stderr
    assert json.loads(ended.stdout)["outputs"]


def test_strings_numbers_and_what_is_left_out(call: Callable[..., Ended], tmp_path: Path) -> None:
    ended = call("options", options(), "--output", tmp_path / "out")
    assert ended.status == 0, ended.stderr
    assert 'label str: "größer-größe"' in ended.stdout.splitlines()
    written = {file.name: np.load(file) for file in (tmp_path / "out").iterdir()}
    assert "output.extra.npy" not in written
    assert (written["output.count.npy"], written["output.count.npy"].dtype) == (5, "int64")
    assert (written["output.ratio.npy"], written["output.total.npy"]) == (0.25, 3)
    assert bytes(written["output.label.npy"]).decode() == "größer-größe"


@pytest.mark.parametrize("inputs", [[("x", np.ones(2, dtype="float32")), ("how.scale", np.float64(1))], []])
def test_what_is_not_given_has_its_default_in_python(inputs: list[tuple[str, Any]], call: Callable[..., Ended]) -> None:
    """Without any input the program runs on ones: scale, which has no default, is one then too."""
    ended = call("defaulted", inputs)
    assert ended.status == 0, ended.stderr
    assert [line.partition(": ")[2] for line in ended.stdout.splitlines()[1:]] == [
        *("8.0000 8.0000", "3", "inf", '"a b!"'),
    ]


def test_what_is_given_is_not_the_default(call: Callable[..., Ended]) -> None:
    given = {"x": np.ones(2, dtype="float32"), "how.scale": np.float64(2), "how.flip": np.bool_(True), "k": np.int64(4)}
    lines = call("defaulted", list(given.items())).stdout.splitlines()
    assert [line.partition(": ")[2] for line in lines[1:3]] == ["5.0000 5.0000", "4"]
    refused(call("defaulted", [item for item in given.items() if item[0] != "how.scale"]), "input how.scale is missing")


def test_inputs_in_any_order(call: Callable[..., Ended]) -> None:
    images = [(f"images.{i}", np.full((3, 1, i + 1), 1, dtype="float32")) for i in range(11)]
    scrambled = [images[i] for i in (10, 0, 2, 1, 5, 4, 3, 9, 8, 7, 6)]
    ended = call("detector", [("threshold", np.float64(0.25)), *scrambled], "--json")
    sizes = {output["name"]: output["shape"] for output in json.loads(ended.stdout)["outputs"]}
    assert sizes == {
        f"{i}.{key}": [3 * (i + 1), *more] for i in range(11) for key, more in (("boxes", [1]), ("scores", []))
    }
    assert list(sizes)[:4] == ["0.boxes", "0.scores", "1.boxes", "1.scores"]


IMAGE = np.ones((3, 2, 2), dtype="float32")
REFUSED: dict[str, tuple[str, list[tuple[str, Any]], tuple[str, ...]]] = {
    "missing": ("options", options(k=None), ("input k is missing", "expected int", "mode")),
    "unknown": ("options", options(y=IMAGE), ("no input y", "x, k, scale, flip, mode, mask, bias")),
    "twice": ("options", [*options(), ("k", np.int64(1))], ("input k is given twice",)),
    "rank": ("options", options(x=IMAGE), ("input x", "float32[N,3]", "float32[3,2,2]", "rank must be 2")),
    "fixed": ("options", options(x=np.ones((2, 4), dtype="float32")), ("dimension 1 must be 3",)),
    "unequal": (
        "options",
        options(mask=np.ones((3, 3), dtype="float32")),
        ("input mask", "dimension 0 (N) must be 2, as in input x"),
    ),
    "dtype": ("options", options(x=np.ones((2, 3))), ("input x", "dtype must be float32")),
    "no int": ("options", options(k=np.float64(1)), ("input k: expected int", "dtype must be int64")),
    "no number": ("options", options(k=np.ones(2, dtype="int64")), ("input k: expected int", "rank must be 0")),
    "no UTF-8": ("options", options(mode=np.frombuffer(b"k\xff", dtype="uint8")), ("input mode", "UTF-8")),
    "surrogate": ("options", options(mode=np.frombuffer(b"\xed\xa0\x80", dtype="uint8")), ("input mode", "UTF-8")),
    "group": ("detector", [("images", IMAGE)], ("no input images", "images.0, images.1, ...")),
    "gap": ("detector", [("images.0", IMAGE), ("images.2", IMAGE)], ("input images.1 is missing",)),
    "odd index": ("detector", [("images.00", IMAGE)], ("no input images.00",)),
    "huge index": ("detector", [("images.99999999999", IMAGE)], ("no input images.99999999999",)),
    "element": ("detector", [("images.0", IMAGE), ("images.1", IMAGE[0])], ("input images.1", "rank must be 3")),
    "field": ("nested", [("batch.a", IMAGE), ("batch.z", IMAGE)], ("batch.",)),
    "flat": ("flat", [("x", IMAGE[0][:, :1].repeat(3, 1)), ("k", np.int64(1))], ("input how.scale is missing",)),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_does_not_fit_is_refused_by_name(name: str, call: Callable[..., Ended]) -> None:
    model, inputs, words = REFUSED[name]
    refused(call(model, inputs), *words)


def test_a_file_of_several_strings(call: Callable[..., Ended]) -> None:
    refused(call("options", options(mode=np.array(["a", "b"]))), "<U1")


def test_lists_have_free_sizes(call: Callable[..., Ended]) -> None:
    ended = call("detector", [("images.0", IMAGE), ("images.1", IMAGE.repeat(2, 1))])
    assert ended.status == 0, ended.stderr


def test_info_shows_the_tree(resnet: Made, saved: Path) -> None:
    shown = run(resnet.runner, saved / "flat/model.pt", "--info").stdout
    for row in ("input     how record", "input     how.flip bool, optional", "output    record HeadOutput"):
        assert row in shown.splitlines()
    assert "output    version int 3, always" in shown.splitlines()
    rows = run(resnet.runner, saved / "defaulted/model.pt", "--info").stdout.splitlines()
    for row in (
        "k int, default 3",
        "far float, default inf",
        'mode str, default "a b"',
        "bias int, optional, default 7",
    ):
        assert f"input     {row}" in rows
    answer = json.loads(run(resnet.runner, saved / "defaulted/model.pt", "--info", "--json").stdout)
    defaults = {node["name"]: node.get("default") for node in answer["inputs"]}
    expected = {"x": None, "how": None, "how.scale": None, "how.flip": False}
    assert defaults == {**expected, "k": 3, "far": "inf", "mode": "a b", "bias": 7}
    answer = json.loads(run(resnet.runner, saved / "coder/model.pt", "--info", "--json").stdout)
    assert answer["inputs"] == [{"name": "x", "kind": "tensor", "dtype": "float32", "shape": ["N", 4]}]
    assert answer["methods"]["encode"]["inputs"][1] == {"name": "times", "kind": "int"}
    assert answer["methods"]["encode"]["outputs"][0] == {"name": "", "kind": "record"}


# ---- Each of these makes a right proof wrong ----


@pytest.mark.parametrize("output", ["0.boxes", "11.scores"])
def test_another_number_fails(output: str, resnet: Made, spoilt: Callable[[str], Path]) -> None:
    file = spoilt("detector") / f"cases/twelve/output.{output}.npy"
    np.save(file, np.load(file) + np.float32(1e-6))
    ended = run(resnet.runner, file.parents[2] / "model.pt", "--verify")
    assert ended.status == 1
    assert f"FAIL twelve: {output}" in ended.stdout


def test_an_answer_that_python_did_not_give_fails(resnet: Made, spoilt: Callable[[str], Path]) -> None:
    folder = spoilt("options")
    (folder / "cases/full/output.extra.npy").unlink()
    np.save(folder / "cases/plain/output.extra.npy", np.ones(2))
    ended = run(resnet.runner, folder / "model.pt", "--verify")
    assert ended.status == 1
    assert "extra float32[4,3]: C++ answered this, Python did not" in ended.stdout
    assert "extra float64[2]: Python answered this, C++ did not" in ended.stdout


def test_a_model_with_state_is_called_once_for_each_case(resnet: Made, spoilt: Callable[[str], Path]) -> None:
    folder = spoilt("counter")
    index = folder / "cases/index.tsv"
    index.write_text(index.read_text(encoding="utf-8").replace("sequence\ttrue\n", ""), encoding="utf-8")
    assert run(resnet.runner, folder / "model.pt", "--verify").status == 1


def test_the_engine_decides_the_numbers(resnet: Made, spoilt: Callable[[str], Path]) -> None:
    folder = spoilt("quantized")
    other = with_signature(folder, lambda text: text.replace("engine\tqnnpack\n", ""))
    assert run(resnet.runner, other, "--verify").status == 1
    absent = with_signature(folder, lambda text: text.replace("qnnpack", "abacus"))
    refused(run(resnet.runner, absent), "abacus", "qnnpack")


def test_a_constant_that_varies(resnet: Made, spoilt: Callable[[str], Path]) -> None:
    """An output that was the same in every example, and is another now."""
    changed = with_signature(
        spoilt("options"), lambda text: text.replace("output\tcount\tint", "output\tcount\tconstant\tint\t99")
    )
    refused(run(resnet.runner, changed, "--verify"), "count", "99")


def needing_library(text: str) -> str:
    return text + "library\tmyops\tlibmyops.so\n"


def test_an_operator_library(resnet: Made, spoilt: Callable[[str], Path]) -> None:
    folder = spoilt("coder")
    model = with_signature(folder, needing_library)
    refused(run(resnet.runner, model), "ops/libmyops.so", "does not exist")
    (folder / "ops").mkdir()
    (folder / "ops/libmyops.so").write_text("no library", encoding="utf-8")
    refused(run(resnet.runner, model), "ops/libmyops.so", "cannot be loaded")


def test_an_operator_library_that_is_tied_to_python(resnet: Made, spoilt: Callable[[str], Path]) -> None:
    """As torchvision's: an empty library of the name that it needs is opened first, and satisfies it."""
    folder = spoilt("coder")
    ops = folder / "ops"
    ops.mkdir()
    link = ["cc", "-shared", "-o"]
    for command in (
        [*link, "libtorch_python.so", "-Wl,-soname,libtorch_python.so", "-x", "c", "/dev/null"],
        [*link, "libmyops.so", "-Wl,--no-as-needed", "-x", "c", "/dev/null", "-x", "none", "./libtorch_python.so"],
    ):
        assert run(*command, cwd=ops).status == 0
    model = with_signature(folder, needing_library)
    assert run(resnet.runner, model, "--verify").status == 0
    (ops / "libtorch_python.so").unlink()
    refused(run(resnet.runner, model), "libmyops.so", "libtorch_python.so")


BAD_SIGNATURES: dict[str, tuple[str, str, str]] = {
    "format 1": ("tsgen-signature\t2", "tsgen-signature\t1", "format 2"),
    "unknown kind": ("\tint\n", "\tbigint\n", "bigint"),
    "no group": ("output\tcount\tint\n", "output\tno.count\tint\n", "no.count"),
    "a library elsewhere": ("input\tx", "library\tx\t../x.so\ninput\tx", "../x.so"),
    "no size": ("dim\tN\t2\n", "", "N of input x"),
}


@pytest.mark.parametrize(("old", "new"), [("int\t3", "int\t3.5"), ("float\tinf", "float\tfar"), ("false", "no")])
def test_a_default_of_another_kind(old: str, new: str, resnet: Made, spoilt: Callable[[str], Path]) -> None:
    changed = with_signature(spoilt("defaulted"), lambda text: text.replace(old, new))
    refused(run(resnet.runner, changed), "the default of")


@pytest.mark.parametrize("name", BAD_SIGNATURES)
def test_a_signature_that_makes_no_sense(name: str, resnet: Made, spoilt: Callable[[str], Path]) -> None:
    old, new, word = BAD_SIGNATURES[name]
    changed = with_signature(spoilt("options"), lambda text: text.replace(old, new))
    refused(run(resnet.runner, changed), "changed.pt", word)
