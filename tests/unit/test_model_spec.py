"""What --model and --model-arg name."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tsgen.errors import ConfigError
from tsgen.model import parse_args, parse_model, rebased
from tsgen.model.spec import ModelSpec, located


@pytest.mark.parametrize(
    ("text", "spec"),
    [
        ("resnet18", ModelSpec(kind="torchvision", target="resnet18")),
        ("net:Net", ModelSpec(kind="module", target="net", attribute="Net")),
        ("pkg.mod:factory", ModelSpec(kind="module", target="pkg.mod", attribute="factory")),
        ("net.py:Net", ModelSpec(kind="file", target="net.py", attribute="Net")),
        ("a b/n'é;$t.py:make", ModelSpec(kind="file", target="a b/n'é;$t.py", attribute="make")),
        ("C:/nets/net.py:Net", ModelSpec(kind="file", target="C:/nets/net.py", attribute="Net")),
        ("net.py:Zoo.make", ModelSpec(kind="file", target="net.py", attribute="Zoo.make")),
        ("pkg.mod:zoo.nets.make", ModelSpec(kind="module", target="pkg.mod", attribute="zoo.nets.make")),
        ("net.pt2", ModelSpec(kind="torchscript", target="net.pt2")),
        ("m.jit", ModelSpec(kind="torchscript", target="m.jit")),
        ("model.pt", ModelSpec(kind="torchscript", target="model.pt")),
        ("../some where/m.pth", ModelSpec(kind="torchscript", target="../some where/m.pth")),
        ("m.ts", ModelSpec(kind="torchscript", target="m.ts")),
        ("m.torchscript", ModelSpec(kind="torchscript", target="m.torchscript")),
        ("timm:resnet18", ModelSpec(kind="timm", target="resnet18")),
        ("timm:resnet18.a1_in1k", ModelSpec(kind="timm", target="resnet18.a1_in1k")),
        ("hf:BertConfig", ModelSpec(kind="hf", target="BertConfig")),
        ("hf:google-bert/bert-base", ModelSpec(kind="hf", target="google-bert/bert-base")),
        ("hf:./bert", ModelSpec(kind="hf_folder", target="./bert")),
        ("hf:../nets/model.pt", ModelSpec(kind="hf_folder", target="../nets/model.pt")),
        ("hf:/nets/bert", ModelSpec(kind="hf_folder", target="/nets/bert")),
        ("hf:C:/nets/bert", ModelSpec(kind="hf_folder", target="C:/nets/bert")),
        ("hf:some where/é", ModelSpec(kind="hf_folder", target="some where/é")),
        ("hf:nets/deep/bert", ModelSpec(kind="hf_folder", target="nets/deep/bert")),
    ],
)
def test_a_spec_has_one_of_these_forms(text: str, spec: ModelSpec) -> None:
    assert parse_model(text) == spec
    assert str(spec) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "net.py",
        "net.py:",
        "net.py:3",
        "net.py:Zoo.",
        "net.py:.make",
        "net.py:Net()",
        "pkg.mod:",
        ":factory",
        "pkg mod:factory",
        "res net",
        "resnet-18",
        "18resnet",
        "a:b:c",
        "model.onnx",
        "timm:",
        "timm:res net",
        "timm:./resnet18",
        "hf:",
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ConfigError) as caught:
        parse_model(text)
    assert caught.value.message == f"--model: `{text}` is not a model spec"


def test_a_file_without_factory_is_told_what_is_missing() -> None:
    with pytest.raises(ConfigError) as caught:
        parse_model("net.py")
    assert caught.value.hint == "name what to take from it: path/to/file.py:factory"


@pytest.mark.parametrize("inner", ["code/__torch__.py", "models/model.json"])
@pytest.mark.parametrize("file", ["nets/m", "last.ckpt", "resnet-18"])
def test_a_program_is_known_by_its_content(file: str, inner: str, tmp_path: Path) -> None:
    (tmp_path / "nets").mkdir()
    with zipfile.ZipFile(tmp_path / file, "w") as archive:
        archive.writestr(f"any/{inner}", "")
        if inner.startswith("code"):
            archive.writestr("any/constants.pkl", "")
    assert parse_model(file, tmp_path) == ModelSpec(kind="torchscript", target=file)


def test_weights_are_no_program_whatever_they_are_called(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "last.ckpt", "w") as archive:
        archive.writestr("last/data.pkl", "")
    with pytest.raises(ConfigError, match="holds weights"):
        parse_model("last.ckpt", tmp_path)


@pytest.mark.parametrize("file", ["model.safetensors", "nets/last.ckpt", "pytorch_model.bin"])
def test_weights_are_no_model_and_the_way_out_is_told(file: str) -> None:
    with pytest.raises(ConfigError) as caught:
        parse_model(file)
    assert "holds weights" in caught.value.message
    assert f"--weights {file}" in caught.value.hint


@pytest.mark.parametrize("folder", ["BertConfig", "nets/bert"])
def test_what_hf_names_is_a_folder_where_there_is_one(
    folder: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    project = tmp_path / "myapp"
    assert rebased(f"hf:{folder}", project) == f"hf:{folder}"
    assert located(parse_model(f"hf:{folder}"), tmp_path).kind == "hf"
    (tmp_path / folder).mkdir(parents=True)
    in_toml = rebased(f"hf:{folder}", project)
    assert in_toml == f"hf:../{folder}"
    assert located(parse_model(in_toml), project) == ModelSpec(kind="hf_folder", target=str(tmp_path / folder))
    assert located(parse_model(f"hf:{folder}"), tmp_path).path == tmp_path / folder


def test_a_folder_inside_the_project_stays_a_folder_before_the_project_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bert").mkdir()
    in_toml = rebased("hf:bert", tmp_path)
    assert in_toml == "hf:./bert"
    assert located(parse_model(in_toml), tmp_path / "elsewhere").kind == "hf_folder"


@pytest.mark.parametrize("spec", ["nets/net.py:Net", "nets/model.pt", "hf:./nets/bert"])
def test_a_path_given_where_the_user_stands_becomes_one_from_the_project(
    spec: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    in_toml = rebased(spec, tmp_path / "out" / "myapp")
    assert in_toml == spec.replace("./", "").replace("nets", "../../nets")
    path = located(parse_model(in_toml), tmp_path / "out" / "myapp").path
    assert path is not None
    assert path.parent == tmp_path / "nets"


@pytest.mark.parametrize("spec", ["resnet18", "pkg.mod:factory", "timm:resnet18", "hf:BertConfig", "hf:owner/name"])
def test_what_is_no_path_stays_as_it_is(spec: str, tmp_path: Path) -> None:
    assert rebased(spec, tmp_path) == spec
    assert located(parse_model(spec), tmp_path) == parse_model(spec)


def test_a_home_folder_in_a_path_is_the_users_home(tmp_path: Path) -> None:
    """A shell expands `~` at the start of a word, but not in --model=~/net.py:Net."""
    in_toml = rebased("~/net.py:Net", tmp_path)
    assert "~" not in in_toml
    assert located(parse_model(in_toml), tmp_path).target == os.path.normpath(Path.home() / "net.py")


@pytest.mark.parametrize(
    ("words", "arguments"),
    [
        ((), {}),
        (("n=3", "p=0.5"), {"n": 3, "p": 0.5}),
        (("flag=true", "nothing=null"), {"flag": True, "nothing": None}),
        (("sizes=[1, 2]", 'table={"a": 1}'), {"sizes": [1, 2], "table": {"a": 1}}),
        (("mode=fast", 'quoted="3"', "empty="), {"mode": "fast", "quoted": "3", "empty": ""}),
        (("equation=a=b",), {"equation": "a=b"}),
        (("n=1", "n=2"), {"n": 2}),
    ],
)
def test_a_model_arg_is_json_or_else_a_string(words: tuple[str, ...], arguments: dict[str, Any]) -> None:
    assert parse_args(words) == arguments


@pytest.mark.parametrize("word", ["n", "=3", "3n=1", "a-b=1", "a b=1", ""])
def test_a_model_arg_has_a_name_and_a_value(word: str) -> None:
    with pytest.raises(ConfigError, match="is not K=V") as caught:
        parse_args([word])
    assert "--model-arg num_classes=10" in caught.value.hint
