"""Models of timm and transformers: by name or class, small ones, nothing downloaded."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import Answer, Server

pytestmark = pytest.mark.e2e

SMALL = {"hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 32}
BERT = {**SMALL, "vocab_size": 50, "max_position_embeddings": 20}
VIT = {**SMALL, "image_size": 16, "patch_size": 8}

MAKE = """
import json, pathlib, torch
from transformers import BertConfig, BertForMaskedLM
torch.manual_seed(1)
model = BertForMaskedLM(BertConfig(**json.loads(pathlib.Path("bert.json").read_text())))
model.save_pretrained("saved")
torch.save(model.state_dict(), "state.pt")
"""


@pytest.fixture(scope="module", autouse=True)
def libraries(model_python: Path) -> None:
    found = (
        "import importlib.util as u, sys; sys.exit(not all(map(u.find_spec, ['timm', 'transformers', 'safetensors'])))"
    )
    if subprocess.run([str(model_python), "-c", found], check=False).returncode:
        pytest.skip("the model's Python has no timm or no transformers")


@pytest.fixture(scope="module")
def saved(model_python: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hf")
    (folder / "bert.json").write_text(json.dumps(BERT))
    subprocess.run([str(model_python), "-W", "ignore", "-c", MAKE], cwd=folder, check=True, capture_output=True)
    return folder


def timm(export: Server, name: str, **changes: Any) -> Answer:
    return export(f"timm:{name}", source={"kind": "timm", "name": name}, **changes)


def hf(export: Server, name: str, **changes: Any) -> Answer:
    return export(f"hf:{name}", source={"kind": "hf", "name": name}, **changes)


def folder_of(export: Server, path: Path, **changes: Any) -> Answer:
    return export("hf:folder", source={"kind": "hf_folder", "path": str(path)}, **changes)


def test_timm_is_fed_what_its_configuration_says(export: Server) -> None:
    answer = timm(export, "test_resnet", model_args={"num_classes": 7, "in_chans": 1})
    assert answer.shape("inputs", "x") == "float32[N,1,160,160]"
    assert answer.shape("outputs", "output") == "float32[N,7]"
    assert answer.ok["exact"]


def test_unknown_timm_name_is_guessed(export: Server) -> None:
    error = timm(export, "resnt18").error
    assert error["kind"] == "unknown_model"
    assert "'resnet18'" in error["hint"]


def test_wrong_argument_of_timm(export: Server) -> None:
    error = timm(export, "test_resnet", model_args={"colour": 3}).error
    assert error["kind"] == "bad_input"
    assert "colour" in error["message"]


def test_published_weights_of_timm_without_a_network(export: Server, tmp_path: Path) -> None:
    nowhere = {"HF_HUB_OFFLINE": "1", "HF_HOME": str(tmp_path)}
    error = timm(export, "test_resnet", weights="DEFAULT", environment=nowhere).error
    assert error["kind"] == "bad_weights"
    assert "cannot be downloaded" in error["message"]


def test_a_class_of_transformers_with_arguments(export: Server) -> None:
    answer = hf(export, "BertForSequenceClassification", model_args={**BERT, "num_labels": 3})
    assert answer.shape("inputs", "input_ids") == "int64[N,S]"
    assert answer.shape("inputs", "attention_mask") == "int64[N,S]"
    assert answer.shape("outputs", "logits") == "float32[N,3]"


def test_a_configuration_gives_its_bare_model(export: Server) -> None:
    answer = hf(export, "ViTConfig", model_args=VIT)
    assert answer.shape("inputs", "pixel_values") == "float32[N,3,16,16]"
    assert answer.shape("outputs", "last_hidden_state") == "float32[N,5,16]"


def test_text_and_picture_of_a_nested_configuration(export: Server) -> None:
    answer = hf(export, "CLIPConfig", model_args={"text_config": BERT, "vision_config": VIT, "projection_dim": 8})
    assert answer.shape("inputs", "input_ids") == "int64[N,S]"
    assert answer.shape("inputs", "pixel_values") == "float32[N,3,16,16]"
    assert answer.shape("outputs", "text_embeds") == "float32[N,8]"


def test_a_misspelt_argument_of_a_configuration_is_not_lost(export: Server) -> None:
    error = hf(export, "BertConfig", model_args={"hiden_size": 16}).error
    assert error["kind"] == "bad_input"
    assert "'hidden_size'" in error["hint"]


def test_arguments_that_do_not_fit_together(export: Server) -> None:
    error = hf(export, "BertConfig", model_args={**BERT, "num_attention_heads": 3}).error
    assert error["kind"] == "bad_input"
    assert "attention heads" in error["message"]


@pytest.mark.parametrize(("name", "words"), [("BrtConfig", "'BertConfig'"), ("owner/name", "--weights DEFAULT")])
def test_what_is_neither_folder_nor_class(export: Server, name: str, words: str) -> None:
    error = hf(export, name).error
    assert error["kind"] == "unknown_model"
    assert "is no folder here and no class" in error["message"]
    assert words in error["hint"]


def test_a_name_that_stands_for_any_architecture(export: Server) -> None:
    assert "any architecture" in hf(export, "AutoModelForMaskedLM").error["message"]


def test_a_model_beyond_this_machines_memory_is_not_built(export: Server) -> None:
    wide = {"hidden_size": 1 << 17, "intermediate_size": 1 << 19, "num_hidden_layers": 4}
    error = hf(export, "LlamaConfig", model_args=wide).error
    assert error["kind"] == "unsupported"
    assert "too large for this machine" in error["message"]
    assert "GiB" in error["message"]


def test_a_saved_folder_brings_its_weights(export: Server, saved: Path) -> None:
    answer = folder_of(export, saved / "saved")
    assert answer.shape("outputs", "logits") == "float32[N,S,50]"
    assert {name.rpartition("/")[2] for name in answer.ok["files"]} == {"config.json", "model.safetensors"}
    same = hf(export, "BertForMaskedLM", model_args=BERT, weights=str(saved / "state.pt"))
    name = "cases/ones/output.logits.npy"
    assert (answer.folder / name).read_bytes() == (same.folder / name).read_bytes()


def test_safetensors_as_weights(export: Server, saved: Path) -> None:
    """The tied head is in the file under one of its two names."""
    file = saved / "saved" / "model.safetensors"
    answer = hf(export, "BertForMaskedLM", model_args=BERT, weights=str(file))
    assert str(file) in answer.ok["files"]


def test_a_folder_whose_weights_lack_the_head_it_names(export: Server, saved: Path, tmp_path: Path) -> None:
    for file in (saved / "saved").iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    config = json.loads((tmp_path / "config.json").read_text())
    (tmp_path / "config.json").write_text(json.dumps({**config, "architectures": ["BertForQuestionAnswering"]}))
    error = folder_of(export, tmp_path).error
    assert error["kind"] == "bad_weights"
    assert "missing: qa_outputs.bias, qa_outputs.weight" in error["message"]


def test_a_folder_of_something_else(export: Server, tmp_path: Path) -> None:
    assert "has no config.json" in folder_of(export, tmp_path).error["message"]
    assert "does not exist" in folder_of(export, tmp_path / "nowhere").error["message"]
    assert folder_of(export, tmp_path / "nowhere").error["kind"] == "unknown_model"
