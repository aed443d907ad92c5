"""Operators of other libraries: found, shipped, or refused with the ways out."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import Server


def signature_of(folder: Path) -> list[str]:
    with zipfile.ZipFile(folder / "model.pt") as archive:
        name = next(name for name in archive.namelist() if name.endswith("/signature.tsgen"))
        return archive.read(name).decode().splitlines()


def test_the_library_of_torchvision_is_shipped(export: Server) -> None:
    answer = export("operators.py:Detecting", "image=1x3x16x16", "boxes=5x2", "scores=5")
    [library] = answer.ok["libraries"]
    assert library["namespace"] == "torchvision"
    assert (answer.folder / "ops" / library["file"]).is_file()
    [line] = [line for line in signature_of(answer.folder) if line.startswith("library\t")]
    _, namespace, file, calls, *_ = line.split("\t")
    assert (namespace, file) == ("torchvision", library["file"])
    assert calls.split(",") == [f"torchvision::{name}" for name in ("deform_conv2d", "nms", "roi_align")]


def test_operators_of_an_exported_method_count(export: Server) -> None:
    answer = export("operators.py:InAMethod", "Nx4", method="script")
    assert [library["namespace"] for library in answer.ok["libraries"]] == ["torchvision"]


def test_a_model_of_plain_operators_ships_nothing(export: Server) -> None:
    answer = export("operators.py:Plain", "Nx4")
    assert answer.ok["libraries"] == []
    assert not (answer.folder / "ops").exists()


def test_an_operator_that_only_python_has_is_refused(export: Server) -> None:
    error = export("operators.py:OfPython", "Nx4").error
    assert error["kind"] == "unsupported"
    assert "tsgen_python::double" in error["message"]
    assert "only Python code registers" in error["message"]
    assert "--op-library" in error["hint"]
    assert "`tsgen add op double`" in error["hint"]


def test_a_library_that_is_not_there(export: Server, tmp_path: Path) -> None:
    error = export("operators.py:Detecting", "Nx4", op_libraries=[str(tmp_path / "libnone.so")]).error
    assert error["kind"] == "bad_input"
    assert "libnone.so" in error["message"]


def test_a_file_that_is_no_library(export: Server, tmp_path: Path) -> None:
    (tmp_path / "libtext.so").write_text("not a library")
    error = export("operators.py:Detecting", "Nx4", op_libraries=[str(tmp_path / "libtext.so")]).error
    assert error["kind"] == "unsupported"
    assert "libtext.so" in error["message"]


def test_a_torchscript_file_brings_the_package_that_it_needs(export: Server) -> None:
    made = export("operators.py:Detecting", "image=1x3x16x16", "boxes=5x2", "scores=5")
    words = ("image=1x3x16x16", "boxes=5x2", "scores=5")
    again = export("again.pt", *words, source={"kind": "torchscript", "path": str(made.folder / "model.pt")})
    assert [library["namespace"] for library in again.ok["libraries"]] == ["torchvision"]
