"""What a call writes, in model/manifest.json."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from tsgen.errors import ExportError
from tsgen.model import read
from tsgen.types import Writes

from .make import exported, untimed
from .signatures import SIGNATURES

if TYPE_CHECKING:
    from pathlib import Path


def test_what_forward_and_a_method_write_is_read_again(tmp_path: Path) -> None:
    silent = SIGNATURES["methods"]
    encode = replace(silent.methods["encode"], writes=Writes(inputs=("x",)))
    written = replace(silent, methods={**silent.methods, "encode": encode}, writes=Writes(state=("scratch", "größe")))
    made = exported(tmp_path, signature=written)
    assert read(tmp_path) == untimed(made)
    document = json.loads((tmp_path / "manifest.json").read_text(encoding="utf-8"))
    assert document["signature"]["writes"] == {"state": ["scratch", "größe"], "inputs": []}
    assert document["methods"]["encode"]["writes"] == {"state": [], "inputs": ["x"]}
    assert "writes" not in document["methods"]["decode"]


@pytest.mark.parametrize("writes", [{"inputs": ["y"]}, {"state": [1]}, {"state": 1}, {"inputs": [["x"]]}, "x"])
def test_what_is_written_must_be_names(tmp_path: Path, writes: Any) -> None:
    exported(tmp_path)
    path = tmp_path / "manifest.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    document["signature"]["writes"] = writes
    path.write_text(json.dumps(document), encoding="utf-8")
    with pytest.raises(ExportError, match="cannot be used"):
        read(tmp_path)
