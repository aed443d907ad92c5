"""Preprocessing baked into the file: bit for bit what torchvision does, for images of every size."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from .conftest import Answer, Server

pytestmark = pytest.mark.e2e

HERE = Path(__file__).parent
PIXELS = "preprocess.py:Pixels"
TRANSFORMS = HERE / "models" / "preprocess.py"
BAKED = {
    "imagenet": (PIXELS, "imagenet"),
    "hwc": (PIXELS, "imagenet,hwc"),
    "weights": ("squeezenet1_1", "weights"),
    "timm": ("preprocess.py:Timms", "timm"),
    "squashed": ("preprocess.py:Timms", "timm"),
    **{name: (PIXELS, f"{TRANSFORMS}:{name}") for name in ("classic", "bicubic", "mixed", "halved")},
}
ARGUMENTS = {"squashed": {"crop_mode": "squash", "crop_pct": 1.0, "interpolation": "bilinear"}}


@pytest.fixture(scope="module")
def has_timm(model_python: Path) -> bool:
    command = "import importlib.util, sys; sys.exit(importlib.util.find_spec('timm') is None)"
    return not subprocess.run([str(model_python), "-c", command], check=False).returncode


@pytest.fixture(scope="module")
def answers(export: Server, has_timm: bool) -> dict[str, Answer]:  # noqa: FBT001 - a fixture
    wanted = {name: how for name, how in BAKED.items() if has_timm or how[1] != "timm"}
    return {
        name: export(spec, preprocess=words, model_args=ARGUMENTS.get(name, {}))
        for name, (spec, words) in wanted.items()
    }


@pytest.fixture(scope="module")
def equal(answers: dict[str, Answer], model_python: Path) -> dict[str, dict[str, bool]]:
    files = {name: str(answer.folder / "model.pt") for name, answer in answers.items() if answer.response["ok"]}
    command = [str(model_python), str(HERE / "preprocessed.py")]
    ended = subprocess.run(command, input=json.dumps(files), capture_output=True, text=True, check=False)
    assert not ended.returncode, ended.stderr
    found: dict[str, dict[str, bool]] = json.loads(ended.stdout)
    return found


@pytest.mark.parametrize("name", BAKED)
def test_the_file_does_what_torchvision_does(
    name: str, answers: dict[str, Answer], equal: dict[str, dict[str, bool]]
) -> None:
    if name not in answers:
        pytest.skip("timm is not installed in the model's Python")
    assert answers[name].ok["exact"]
    assert answers[name].ok["method"] == "trace"
    assert equal[name].pop("right")
    assert not [variant for variant, same in equal[name].items() if same]


@pytest.mark.parametrize(
    ("name", "leaf"), [("imagenet", "uint8[N,3,H,W]"), ("hwc", "uint8[N,H,W,3]"), ("weights", "uint8[N,3,H,W]")]
)
def test_it_takes_bytes_of_any_size(name: str, leaf: str, answers: dict[str, Answer]) -> None:
    assert answers[name].shape("inputs", "image") == leaf
    assert answers[name].outputs()[0].startswith("float32[N,")


def test_what_pil_would_do_is_noted(answers: dict[str, Answer]) -> None:
    """The steps' own resize rounds as PIL does, but for a few pixels; the preset's in one go."""
    notes = {
        name: next(note for note in answers[name].ok["notes"] if "PIL" in note)
        for name in ("imagenet", "weights", "bicubic")
    }
    assert "by up to 1 of the 255 levels" in notes["imagenet"]
    assert "by up to 1 of the 255 levels" in notes["weights"]
    assert notes["imagenet"] != notes["weights"]
    assert "PIL images give the same values" in notes["bicubic"]  # ToImage comes first


def test_the_transforms_file_makes_the_export_stale(answers: dict[str, Answer]) -> None:
    assert str(TRANSFORMS) in answers["classic"].ok["files"]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("cropped_at_random", "RandomCrop draws at random"),
        ("jittered", "ColorJitter draws at random"),
        ("noisy", "draws at random"),
        ("to_pil", "ToPILImage gives a PIL image"),
        ("pil", "'Tensor' object has no attribute 'convert'"),
        ("listed", "gives a list, not a tensor"),
        ("of_one_only", "on a batch it is not what it is on single images"),
        ("not_called", "int cannot be called"),
    ],
)
def test_what_cannot_be_baked_is_named(export: Server, name: str, said: str) -> None:
    error = export(PIXELS, preprocess=f"{TRANSFORMS}:{name}").error
    assert error["kind"] == "unsupported"
    assert said in error["message"]


@pytest.mark.parametrize(
    ("spec", "words", "kind", "said"),
    [
        (PIXELS, "weights", "unsupported", "only torchvision's and timm's models say how"),
        (PIXELS, "timm", "unsupported", "no timm model"),
        ("preprocess.py:TwoInputs", "imagenet", "unsupported", "needs pixels, scale"),
        (PIXELS, f"{TRANSFORMS}:clasic", "bad_input", "has no 'clasic'"),
        (PIXELS, f"{TRANSFORMS}x.py:classic", "bad_input", "does not exist"),
    ],
)
def test_wrong_words(export: Server, spec: str, words: str, kind: str, said: str) -> None:
    error = export(spec, preprocess=words).error
    assert error["kind"] == kind
    assert said in error["message"]


@pytest.mark.parametrize(
    ("given", "words", "said"),
    [
        ("image=Nx3xHxW:float32", "imagenet", "takes images of uint8, not of float32"),
        ("Nx3xHxW", "imagenet", "takes images of uint8"),
        ("NxHxWx3:uint8", "imagenet", "expected before height and width"),
        ("Nx3xHxW:uint8", "imagenet,hwc", "expected last"),
    ],
)
def test_an_input_that_is_no_image(export: Server, given: str, words: str, said: str) -> None:
    error = export(PIXELS, given, preprocess=words).error
    assert error["kind"] == "bad_input"
    assert said in error["message"]


def test_an_image_of_one_size(export: Server) -> None:
    answer = export(PIXELS, "image=1x3x90x120:uint8", preprocess=f"{TRANSFORMS}:made")
    assert answer.shape("inputs", "image") == "uint8[1,3,90,120]"
    assert answer.outputs() == ["float32[1,3,32,32]"]


def test_the_image_goes_to_pixel_values(export: Server) -> None:
    answer = export("preprocess.py:ByName", preprocess=f"{TRANSFORMS}:classic")
    assert answer.outputs() == ["float32[N,3,32,32]"]
