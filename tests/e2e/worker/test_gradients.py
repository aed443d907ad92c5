"""A forward that differentiates is scripted, and runs with gradients on."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import Server

pytestmark = pytest.mark.e2e


def said(folder: Path) -> set[str]:
    with zipfile.ZipFile(folder / "model.pt") as archive:
        name = next(name for name in archive.namelist() if name.endswith("extra/signature.tsgen"))
        return set(archive.read(name).decode().splitlines())


@pytest.mark.parametrize("name", ["Forces", "Ambient", "Twice", "Backward"])
def test_it_is_exported_with_gradients(name: str, export: Server) -> None:
    answer = export(f"gradients.py:{name}", "Nx3")
    assert answer.ok["method"] == "script"
    assert "gradients\ttrue" in said(answer.folder)
    assert not [line for line in said(answer.folder) if line.startswith("requires_grad")]


def test_an_input_that_must_require_gradients_is_marked(export: Server) -> None:
    answer = export("gradients.py:Asked", "pos=Nx3", "scale=Nx1")
    assert answer.ok["method"] == "script"
    assert {"gradients\ttrue", "requires_grad\tpos"} <= said(answer.folder)
    assert "requires_grad\tscale" not in said(answer.folder)


def test_a_model_without_gradients_says_nothing_of_them(export: Server) -> None:
    answer = export("devices.py:PlainLstm", "x=NxLx4")
    assert not [line for line in said(answer.folder) if "grad" in line]


def test_a_transform_is_refused_by_name_with_the_way_out(export: Server) -> None:
    error = export("gradients.py:Jacobian", "Nx3").error
    assert error["kind"] == "unfaithful"
    assert "torch.func.jacrev" in error["message"]
    assert error["hint"] == "write out what torch.func (vmap, grad, jacrev) does, as operations on the whole batch"


def test_what_script_cannot_compile_is_refused_with_the_reason(export: Server) -> None:
    error = export("gradients.py:Uncompilable", "Nx3").error
    assert "script: it cannot be compiled: Lambda aren't supported" in error["message"]
    assert error["hint"].startswith("make forward acceptable to torch.jit.script")


def test_weights_are_not_differentiated_by(export: Server) -> None:
    error = export("gradients.py:ByWeights", "Nx3").error
    assert error["kind"] == "model_raised"
    assert error["hint"].startswith("differentiate by an input")
