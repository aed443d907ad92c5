"""tsgen.toml and the layers over it."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any

import pytest
import tomlkit

from tsgen.config import DEFAULT_TOLERANCES, RUN_ONLY, Config, from_table, load, relative_to
from tsgen.errors import ConfigError
from tsgen.types import Tolerance

if TYPE_CHECKING:
    from pathlib import Path

MINIMAL = 'name = "myapp"\nmodel = "resnet18"\n'

EVERY_FIELD: dict[str, Any] = {
    "name": "other",
    "model": "net.py:Net",
    "model_args": ["n=3", "label=a b"],
    "weights": "trained.pt",
    "inputs": ["x=Nx3:float32"],
    "method": "script",
    "tune": "none",
    "runtime": "torchscript",
    "packaged": True,
    "seed": 7,
    "device": "cuda",
    "libtorch": "../libtorch",
    "torch_version": "2.13.0",
    "accelerator": "cu126",
    "older_libtorch": True,
    "reinit_weights": True,
    "unsafe_pickle": True,
    "preprocess": "../net.py:transform",
    "op_libraries": ["../libfoo.so"],
    "platforms": ["windows-x86_64", "macos-arm64"],
    "compile_cache": "sccache",
    "compile_cache_environment": {"SCCACHE_S3_KEY_PREFIX": "tsgen"},
    "build_type": "debug",
    "lfs": True,
    "tolerance": {"float32": {"rtol": 1e-3, "atol": 0}},
    "matrix": {"platform": ["linux-aarch64"], "exclude": [{"build_type": "debug"}]},
}


def project(folder: Path, text: str) -> Path:
    (folder / "tsgen.toml").write_text(text, encoding="utf-8")
    return folder


def refusal(table: dict[str, Any]) -> ConfigError:
    with pytest.raises(ConfigError) as caught:
        from_table({"name": "myapp", "model": "resnet18", **table}, where="here")
    return caught.value


def test_what_is_not_said_has_its_default(tmp_path: Path) -> None:
    assert load(project(tmp_path, MINIMAL)) == Config(name="myapp", model="resnet18")


def test_every_field_can_be_said_in_the_file(tmp_path: Path) -> None:
    config = load(project(tmp_path, tomlkit.dumps(EVERY_FIELD)))
    read = {key: getattr(config, key) for key in EVERY_FIELD if key not in {"tolerance", "matrix"}}
    assert read == {
        "name": "other",
        "model": "net.py:Net",
        "model_args": ("n=3", "label=a b"),
        "weights": "trained.pt",
        "inputs": ("x=Nx3:float32",),
        "method": "script",
        "tune": "none",
        "runtime": "torchscript",
        "seed": 7,
        "device": "cuda",
        "libtorch": "../libtorch",
        "torch_version": "2.13.0",
        "accelerator": "cu126",
        "older_libtorch": True,
        "reinit_weights": True,
        "unsafe_pickle": True,
        "preprocess": "../net.py:transform",
        "op_libraries": ("../libfoo.so",),
        "platforms": ("windows-x86_64", "macos-arm64"),
        "compile_cache": "sccache",
        "compile_cache_environment": {"SCCACHE_S3_KEY_PREFIX": "tsgen"},
        "build_type": "debug",
        "packaged": True,
        "lfs": True,
    }
    assert config.tolerance["float32"] == Tolerance(rtol=1e-3, atol=0.0)


def test_the_list_of_every_field_is_complete() -> None:
    assert set(EVERY_FIELD) == {item.name for item in fields(Config)} - set(RUN_ONLY)


def test_the_last_layer_wins(tmp_path: Path) -> None:
    root = project(tmp_path, f"{MINIMAL}seed = 1\nmethod = 'trace'\nweights = 'a.pt'\n")
    config = load(root, {"method": "script", "weights": "b.pt", "python": "python3"}, {"weights": "c.pt"})
    assert (config.seed, config.method, config.weights, config.python) == (1, "script", "c.pt", "python3")


def test_none_in_a_layer_hides_nothing(tmp_path: Path) -> None:
    assert load(project(tmp_path, f"{MINIMAL}seed = 5\n"), {"seed": None}).seed == 5


@pytest.mark.parametrize("line", ["python = '/usr/bin/python3'", "offline = true", "locked = true"])
def test_a_choice_of_the_machine_or_of_a_run_is_not_one_of_the_file(tmp_path: Path, line: str) -> None:
    with pytest.raises(ConfigError, match=line.partition(" ")[0]):
        load(project(tmp_path, f"{MINIMAL}{line}\n"))


def test_a_run_may_be_offline_and_locked(tmp_path: Path) -> None:
    config = load(project(tmp_path, MINIMAL), {"offline": True, "locked": True, "python": None})
    assert (config.offline, config.locked, config.python) == (True, True, None)


def test_a_tolerance_that_is_not_given_keeps_its_default() -> None:
    table = {"name": "a", "model": "b", "tolerance": {"float16": {"rtol": 0.5, "atol": 0.25}}}
    tolerance = from_table(table, where="here").tolerance
    assert tolerance == {**DEFAULT_TOLERANCES, "float16": Tolerance(rtol=0.5, atol=0.25)}


@pytest.mark.parametrize(("key", "meant"), [("modle", "model"), ("inputss", "inputs"), ("libtroch", "libtorch")])
def test_an_unknown_key_is_refused_with_the_one_that_was_meant(key: str, meant: str) -> None:
    error = refusal({key: "x"})
    assert error.message == f"here: unknown key `{key}`"
    assert error.hint == f"did you mean `{meant}`?"


def test_a_key_like_no_other_is_answered_with_all_keys() -> None:
    assert "name, model, model_args" in refusal({"zzz": 1}).hint


@pytest.mark.parametrize(
    ("key", "value", "wanted"),
    [
        ("model", 3, "a string"),
        ("weights", True, "a string"),
        ("seed", "7", "a whole number"),
        ("seed", 1.5, "a whole number"),
        ("seed", True, "a whole number"),
        ("inputs", "Nx3", "a list of strings"),
        ("inputs", [3], "a string"),
        ("model_args", {"n": 3}, "a list of strings"),
        ("tolerance", 1e-3, "a table"),
        ("method", "guess", "auto | trace | script | flat | mixed"),
        ("build_type", "fast", "release | debug"),
        ("device", "gpu", "cpu | cuda"),
        ("older_libtorch", "true", "true or false"),
        ("older_libtorch", 1, "true or false"),
        ("platforms", "windows-x86_64", "a list of strings"),
        ("platforms", ["amiga-m68k"], "linux-x86_64 | linux-aarch64 | macos-arm64"),
        ("torch_version", "newest", "a version"),
        ("torch_version", "2.14.1+cu130", "a public version"),
        ("accelerator", "cuda", "cpu, a CUDA such as cu130 or a ROCm such as rocm7.2"),
        ("accelerator", "cu", "cpu, a CUDA"),
        ("accelerator", "rocm7", "cpu, a CUDA"),
    ],
)
def test_a_value_of_the_wrong_kind_is_refused(key: str, value: Any, wanted: str) -> None:
    message = refusal({key: value}).message
    assert f"`{key}` must be {wanted}" in message
    assert str(value) in message or repr(value) in message or str(value[0]) in message


def test_a_choice_that_was_nearly_right_is_suggested() -> None:
    assert refusal({"build_type": "relase"}).hint == "did you mean `release`?"


def test_a_version_with_its_accelerator_is_told_the_two_words() -> None:
    assert refusal({"torch_version": "2.14.1+cu130"}).hint == "torch_version 2.14.1, accelerator cu130"


def test_any_cuda_is_a_device() -> None:
    assert 'say `device = "cuda"`' in refusal({"accelerator": "cuda"}).hint


@pytest.mark.parametrize("accelerator", ["cpu", "cu92", "cu130", "rocm7.2", "rocm5.4.2", ""])
def test_an_accelerator_is_named_as_the_builds_are(accelerator: str) -> None:
    table = {"name": "a", "model": "b", "accelerator": accelerator}
    assert from_table(table, where="here").accelerator == accelerator


def test_a_program_for_cuda_needs_a_libtorch_with_it() -> None:
    assert "`device` is `cuda` but `accelerator` is `cpu`" in refusal({"device": "cuda", "accelerator": "cpu"}).message


def test_what_is_frozen_does_not_move_to_a_gpu() -> None:
    assert from_table({"name": "a", "model": "b", "tune": "freeze"}, where="here").tune == "freeze"
    assert "frozen weights cannot be moved to a GPU" in refusal({"device": "cuda", "tune": "freeze"}).message
    assert "`tune` must be none | freeze | optimize, not `fast`" in refusal({"tune": "fast"}).message


@pytest.mark.parametrize(
    "limits",
    [
        1e-3,
        [],
        {},
        {"rtol": 1e-3},
        {"rtol": 1, "atol": 1, "ptol": 1},
        {"rtol": -1, "atol": 0},
        {"rtol": "1", "atol": 0},
    ],
    ids=str,
)
def test_a_tolerance_is_two_numbers_of_zero_or_more(limits: Any) -> None:
    error = refusal({"tolerance": {"float32": limits}})
    assert "`tolerance.float32` must be two numbers of 0 or more" in error.message
    assert "float32 = { rtol =" in error.hint


@pytest.mark.parametrize(
    "number", [float("nan"), True], ids=["nan, with which every comparison fails", "a truth value"]
)
def test_a_tolerance_is_not(number: Any) -> None:
    refusal({"tolerance": {"float32": {"rtol": number, "atol": 0}}})


@pytest.mark.parametrize(("dtype", "hint"), [("flaot32", "did you mean `float32`?"), ("int64", "must be equal")])
def test_a_tolerance_is_for_a_dtype_that_can_have_one(dtype: str, hint: str) -> None:
    assert hint in refusal({"tolerance": {dtype: {"rtol": 0, "atol": 0}}}).hint


@pytest.mark.parametrize("key", ["name", "model"])
@pytest.mark.parametrize("empty", [None, ""])
def test_name_and_model_must_be_there(tmp_path: Path, key: str, empty: str | None) -> None:
    table = {"name": "myapp", "model": "resnet18", key: empty}
    text = tomlkit.dumps({name: value for name, value in table.items() if value is not None})
    with pytest.raises(ConfigError, match=f"`{key}` is missing"):
        load(project(tmp_path, text))


@pytest.mark.parametrize("content", [b"name = ", b"name = 'a'\nname = 'b'", b"\xff\xfe\x00"], ids=repr)
def test_a_file_that_is_not_toml_is_named(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "tsgen.toml").write_bytes(content)
    with pytest.raises(ConfigError, match="is not valid TOML") as caught:
        load(tmp_path)
    assert str(tmp_path / "tsgen.toml") in caught.value.message


def test_a_folder_without_the_file_is_no_project(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="is not a tsgen project") as caught:
        load(tmp_path)
    assert "tsgen new" in caught.value.hint


def test_paths_in_committed_files_are_relative_with_forward_slashes(tmp_path: Path) -> None:
    assert relative_to(tmp_path / "nets" / "a b.pt", tmp_path / "myapp") == "../nets/a b.pt"


def test_the_old_name_of_a_key_is_understood(tmp_path: Path) -> None:
    old = project(tmp_path, 'name = "a"\nmodel = "b"\nlivened = true\n')
    assert load(old).reinit_weights
