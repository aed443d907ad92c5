"""What the options of a command become, and how its success looks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tsgen import pipeline
from tsgen.types import Outcome, Project

from .make import build, report

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import Tsgen


def succeed(monkeypatch: pytest.MonkeyPatch, root: Path, **outcome: Any) -> list[dict[str, Any]]:
    given: list[dict[str, Any]] = []

    def build_it(folder: Path, options: dict[str, Any]) -> Outcome:
        given.append({"folder": folder, **options})
        folder = root / "build/release"
        made = build(folder / "myapp-runner", folder / "myapp")
        return Outcome(project=Project(name="myapp", root=root), **{"build": made, **outcome})

    monkeypatch.setattr(pipeline, "build", build_it)
    return given


def test_success_ends_with_what_to_do_next(tsgen: Tsgen, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    succeed(monkeypatch, tmp_path / "my app")
    assert tsgen("build") == 0
    assert tsgen.out == "  myapp is ready:  cd 'my app' && ./build/release/myapp\n"
    succeed(monkeypatch, tmp_path, up_to_date=("export", "build", "prove"))
    assert tsgen("build") == 0
    assert tsgen.out == "  myapp is up to date, nothing to do:  ./build/release/myapp\n"


def test_a_project_without_a_program_of_its_own_ends_with_the_runner(
    tsgen: Tsgen, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    succeed(monkeypatch, tmp_path, build=build(tmp_path / "build/release/myapp-runner"))
    assert tsgen("build") == 0
    assert tsgen.out == "  myapp is ready:  ./build/release/myapp-runner\n"


def test_success_is_one_json_document(tsgen: Tsgen, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    succeed(monkeypatch, tmp_path, parity=report(), timings={"build": 1.5})
    assert tsgen("build", "--json") == 0
    assert tsgen.document["project"] == {"name": "myapp", "root": str(tmp_path)}
    assert tsgen.document["parity"]["devices"] == {"cpu": "proven"}
    assert tsgen.document["timings"] == {"build": 1.5}
    assert "artifact" not in tsgen.document


def test_an_option_comes_before_its_variable(tsgen: Tsgen, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given = succeed(monkeypatch, tmp_path)
    monkeypatch.setenv("TSGEN_SEED", "3")
    monkeypatch.setenv("TSGEN_METHOD", "script")
    tsgen("build", str(tmp_path), "--seed", "4")
    tsgen("build", str(tmp_path))
    assert given == [
        {"folder": tmp_path, "seed": 4, "method": "script"},
        {"folder": tmp_path, "seed": 3, "method": "script"},
    ]


@pytest.mark.parametrize(
    ("variable", "value", "key", "wanted"),
    [
        ("TSGEN_INPUT", "x=Nx3:float32 mask=N:bool", "inputs", ("x=Nx3:float32", "mask=N:bool")),
        ("TSGEN_MODEL_ARG", "n=3 m=4", "model_args", ("n=3", "m=4")),
        ("TSGEN_MODEL", "net:Net", "model", "net:Net"),
    ],
)
def test_a_variable_may_hold_several_values(
    tsgen: Tsgen, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variable: str, value: str, key: str, wanted: Any
) -> None:
    given = succeed(monkeypatch, tmp_path)
    monkeypatch.setenv(variable, value)
    tsgen("build", str(tmp_path))
    assert given[0][key] == wanted


def test_files_are_named_from_where_the_user_stands(
    tsgen: Tsgen, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """tsgen.toml names them from the project; --libtorch is a choice of this machine and absolute."""
    given = succeed(monkeypatch, tmp_path)
    monkeypatch.chdir(tmp_path)
    tsgen("build", "projects/myapp", "--model", "net.py:Net", "--weights", "w.pt", "--libtorch", "./lib")
    assert given == [
        {
            "folder": tmp_path / "projects" / "myapp",
            "model": "../../net.py:Net",
            "weights": "../../w.pt",
            "libtorch": str(tmp_path / "lib"),
        }
    ]


@pytest.mark.parametrize("weights", ["none", "DEFAULT"])
def test_weights_that_are_no_file_stay_a_word(
    tsgen: Tsgen, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, weights: str
) -> None:
    given = succeed(monkeypatch, tmp_path)
    tsgen("build", str(tmp_path), "--weights", weights)
    assert given[0]["weights"] == weights


def test_seed_zero_is_a_choice(tsgen: Tsgen, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given = succeed(monkeypatch, tmp_path)
    tsgen("build", str(tmp_path), "--seed", "0")
    assert given[0]["seed"] == 0


@pytest.mark.parametrize(
    ("words", "variable", "device"),
    [
        (["--cuda"], None, "cuda"),
        (["--device", "cuda"], None, "cuda"),
        (["--device", "cpu"], "cuda", "cpu"),
        (["--cuda"], "cpu", "cuda"),
        ([], "cuda", "cuda"),
        (["--cuda", "--device", "cpu"], None, "cpu"),
    ],
)
def test_cuda_is_a_device(
    tsgen: Tsgen,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    words: list[str],
    variable: str | None,
    device: str,
) -> None:
    given = succeed(monkeypatch, tmp_path)
    if variable:
        monkeypatch.setenv("TSGEN_DEVICE", variable)
    tsgen("build", str(tmp_path), *words)
    assert given == [{"folder": tmp_path, "device": device}]


def test_a_flag_that_was_left_out_hides_nothing(tsgen: Tsgen, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given = succeed(monkeypatch, tmp_path)
    tsgen("build", str(tmp_path))
    tsgen("build", str(tmp_path), "--offline", "--locked", "--older-libtorch")
    monkeypatch.setenv("TSGEN_OFFLINE", "1")
    tsgen("build", str(tmp_path))
    assert given == [
        {"folder": tmp_path},
        {"folder": tmp_path, "offline": True, "locked": True, "older_libtorch": True},
        {"folder": tmp_path, "offline": True},
    ]


def test_the_old_name_of_an_option_is_understood_and_told(
    tsgen: Tsgen, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = succeed(monkeypatch, tmp_path)
    assert tsgen("build", "--livened") == 0
    assert given[0]["reinit_weights"] is True
    assert "livened" not in given[0]
    assert "--livened is called --reinit-weights now" in tsgen.out + tsgen.err
