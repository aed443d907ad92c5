"""model/manifest.json and model/cases/index.tsv."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

import pytest

from tsgen.errors import ExportError
from tsgen.model import changed_files, manifest, read, write_index
from tsgen.types import Case, Exported, OperatorLibrary, Signature, Tolerance

from .make import artifact, exported, leaf, node, untimed
from .signatures import ECHO, SIGNATURES

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

TOLERANCE = {"float32": Tolerance(rtol=1e-4, atol=1e-5), "float64": Tolerance(rtol=1e-7, atol=0.0)}


@pytest.mark.parametrize("known", [*SIGNATURES.values(), ECHO], ids=[*SIGNATURES, "echo"])
def test_what_was_written_is_read_again(tmp_path: Path, known: Signature) -> None:
    made = exported(tmp_path, signature=known, notes=("scripted: tracing lost a branch (net.py:12)",), exact=False)
    assert read(tmp_path) == untimed(made)


def test_how_the_program_must_call_it_is_read_again(tmp_path: Path) -> None:
    made = exported(
        tmp_path,
        signature=SIGNATURES["methods"],
        cases=(Case(name="ones", python_milliseconds=1.0), Case(name="e", python_milliseconds=1.0, method="encode")),
        call="flat",
        select=(1, 0),
        engine="fbgemm",
        sequence=True,
        libraries=(OperatorLibrary(namespace="torchvision", file="_C_stable.so"),),
    )
    assert read(tmp_path) == untimed(made)


def test_what_was_measured_is_not_in_the_manifest(tmp_path: Path) -> None:
    texts = set()
    for time in (1.0, 2.0, None):
        exported(tmp_path, cases=(Case(name="ones", python_milliseconds=time),))
        texts.add((tmp_path / "manifest.json").read_bytes())
    assert len(texts) == 1


def test_a_manifest_that_still_has_times_is_read(tmp_path: Path) -> None:
    damage(tmp_path, lambda document: document.update(cases=[{"name": "ones", "python_milliseconds": 1.5}]))
    assert read(tmp_path).cases == (Case(name="ones", python_milliseconds=1.5),)


def test_the_manifest_vouches_for_every_file(tmp_path: Path) -> None:
    exported(tmp_path)
    document = json.loads((tmp_path / "manifest.json").read_text(encoding="utf-8"))
    assert list(document["files"]) == [
        "model.pt",
        "cases/ones/input.x.npy",
        "cases/ones/output.output.npy",
        "cases/random-1/input.x.npy",
        "cases/random-1/output.output.npy",
    ]
    assert all(len(sha256) == 64 for sha256 in document["files"].values())
    assert document["files"]["model.pt"] == read(tmp_path).sha256


def test_the_manifest_vouches_for_operator_libraries(tmp_path: Path) -> None:
    (tmp_path / "ops").mkdir()
    (tmp_path / "ops" / "libfoo.so").write_bytes(b"ELF")
    exported(tmp_path)
    (tmp_path / "ops" / "libfoo.so").write_bytes(b"another")
    assert changed_files(tmp_path) == ["ops/libfoo.so"]


def test_umlauts_in_the_manifest_stay_readable(tmp_path: Path) -> None:
    exported(tmp_path, model="größe.py:Net")
    assert "größe.py:Net" in (tmp_path / "manifest.json").read_text(encoding="utf-8")


def test_defaults_are_json_of_every_dialect(tmp_path: Path) -> None:
    def refuse(word: str) -> None:
        raise AssertionError(word)

    exported(tmp_path, signature=ECHO)
    document = json.loads((tmp_path / "manifest.json").read_text(encoding="utf-8"), parse_constant=refuse)
    defaults = {item["name"]: item.get("default") for item in document["methods"]["defaults"]["inputs"]}
    assert (defaults["k"], defaults["far"], defaults["empty"], defaults["how.name"]) == (3, "inf", "", None)


def test_nothing_of_this_machine_is_in_the_manifest(tmp_path: Path) -> None:
    exported(tmp_path)
    assert str(tmp_path) not in (tmp_path / "manifest.json").read_text(encoding="utf-8")


def test_untouched_files_have_not_changed(tmp_path: Path) -> None:
    exported(tmp_path)
    assert changed_files(tmp_path) == []


def test_touched_and_missing_files_have_changed(tmp_path: Path) -> None:
    exported(tmp_path)
    (tmp_path / "model.pt").write_bytes(b"another")
    (tmp_path / "cases/ones/output.output.npy").unlink()
    assert changed_files(tmp_path) == ["model.pt", "cases/ones/output.output.npy"]


def test_a_users_own_file_is_no_change(tmp_path: Path) -> None:
    exported(tmp_path)
    (tmp_path / "cases" / "notes.txt").touch()
    assert changed_files(tmp_path) == []


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "cannot be used"),
        ("{", "cannot be used"),
        ("[]", "format 2 was expected"),
        ("{}", "format 2 was expected"),
        ('{"format": 1}', "format 2 was expected"),
        ('{"format": 2}', "object missing required field `method`"),
        ('{"format": NaN}', "invalid character in line 1"),
        ('{"format": ' + "[" * 10**5, "nested too deep"),
        ('{"format": 2, "model": "m", "files": []}', "cannot be used"),
        ("\ufeff{}", "cannot be used"),
    ],
)
def test_a_broken_manifest_is_named(tmp_path: Path, text: str, why: str) -> None:
    (tmp_path / "manifest.json").write_text(text, encoding="utf-8")
    with pytest.raises(ExportError) as caught:
        read(tmp_path)
    assert str(tmp_path / "manifest.json") in caught.value.message
    assert why in caught.value.message
    assert "tsgen build" in caught.value.hint


def damage(folder: Path, change: Callable[[dict[str, Any]], object]) -> None:
    exported(folder, signature=SIGNATURES["methods"])
    document = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    change(document)
    (folder / "manifest.json").write_text(json.dumps(document), encoding="utf-8")


@pytest.mark.parametrize(
    ("key", "value"),
    [
        *(
            ("cases", [{"name": "ones", "python_milliseconds": "1"}]),
            ("cases", [1]),
            ("signature", {"inputs": []}),
            ("signature", []),
            ("dims", 3),
        ),
        ("cases", [{"name": "../../elsewhere", "python_milliseconds": 1.0}]),
        ("cases", [{"name": "ones", "python_milliseconds": 1.0, "method": "nothing"}]),
        ("cases", [{"name": "ones", "python_milliseconds": 1.0, "more": 1}]),
        ("dims", {"N": "2"}),
        *(("call", "round"), ("select", ["1"]), ("select", 3), ("engine", 1), ("sequence", "yes"), ("exact", 1)),
        ("libraries", [{"namespace": "a", "file": "../../lib.so"}]),
        ("libraries", [{"namespace": "a", "file": "/lib.so"}]),
        ("methods", {"a b": {"inputs": [], "outputs": [], "dims": {}}}),
        ("methods", {"a": {"inputs": [], "outputs": [], "methods": {"b": {"inputs": [], "outputs": []}}}}),
        ("methods", {"a": {"inputs": [], "outputs": [], "more": 1}}),
        *(("files", {}), ("files", []), ("files", {"model.pt": 1}), ("parameters", "3"), ("model", 1), ("more", 1)),
        ("methods", []),
    ],
    ids=str,
)
def test_a_manifest_with_a_broken_part_is_named(tmp_path: Path, key: str, value: Any) -> None:
    damage(tmp_path, lambda document: document.update({key: value}))
    with pytest.raises(ExportError, match="cannot be used"):
        read(tmp_path)


TENSOR = {"name": "x", "kind": "tensor", "dtype": "float32", "shape": [2]}


@pytest.mark.parametrize(
    ("nodes", "why"),
    [
        ([{**TENSOR, "dtype": "float31"}], "the dtype of `x` is not one"),
        ([{**TENSOR, "dtype": ["float32"]}], "cannot be used"),
        ([{**TENSOR, "shape": [-1]}], "the shape of `x` is not one"),
        ([{**TENSOR, "shape": ["N,3"]}], "the shape of `x` is not one"),
        ([{**TENSOR, "shape": [2.5]}], "inputs[0].shape[0]`: expected `int | str`, got `float`"),
        ([{**TENSOR, "shape": [True]}], "inputs[0].shape[0]`: expected `int | str`, got `bool`"),
        ([{**TENSOR, "shape": 3}], "cannot be used"),
        ([{**TENSOR, "name": 3}], "inputs[0].name`: expected `str`, got `int`"),
        ([{**TENSOR, "optional": "yes"}], "inputs[0].optional`: expected `bool`, got `str`"),
        ([{**TENSOR, "type": 3}], "inputs[0].type`: expected `str`, got `int`"),
        ([{**TENSOR, "more": 1}], "cannot be used"),
        ([{"name": "x", "kind": "tensor", "dtype": "float32"}], "`x` has no shape"),
        ([{"name": "x"}], "`x` has no kind"),
        ([{"name": "x", "kind": "thing"}], "inputs[0].kind`: invalid enum value 'thing'"),
        ([TENSOR, TENSOR], "two nodes have one name"),
        ([{**TENSOR, "name": "a.x"}], "`a.x` belongs to no group before it"),
        ([{"name": "x", "kind": "list"}], "the elements of `x` are not described"),
        ([{"name": "x", "kind": "list"}, {"name": "x.*", "kind": "none"}], "the elements of `x` are not described"),
        ([{"name": "x", "kind": "list"}, {**TENSOR, "name": "x.0"}], "the elements of `x` are not described"),
        ([{"name": "x", "kind": "tuple"}, {**TENSOR, "name": "x.*"}], "`x` is no list"),
        ([{"name": "x", "kind": "constant", "type": "int", "value": "3"}], "the value of `x` is not of its type"),
        ([{"name": "x", "kind": "constant", "type": "int", "value": True}], "the value of `x` is not of its type"),
        ([{"name": "x", "kind": "constant", "value": 3}], "the value of `x` is not of its type"),
        ([{"name": "x", "kind": "int", "default": 0.5}], "the default of `x` is no int"),
        ([{"name": "x", "kind": "int", "default": True}], "the default of `x` is no int"),
        ([{"name": "x", "kind": "float", "default": "far"}], "the default of `x` is no float"),
        ([{"name": "x", "kind": "str", "example": 3}], "the example of `x` is no str"),
        ([{**TENSOR, "default": 3}], "the default of `x` is no tensor"),
    ],
)
@pytest.mark.parametrize("place", ["forward", "encode"])
def test_a_node_that_is_none_is_named(tmp_path: Path, nodes: list[dict[str, Any]], why: str, place: str) -> None:
    def change(document: dict[str, Any]) -> None:
        entry = document["signature"] if place == "forward" else document["methods"][place]
        entry["inputs"] = nodes

    damage(tmp_path, change)
    with pytest.raises(ExportError, match="cannot be used") as caught:
        read(tmp_path)
    assert why in caught.value.message


def test_a_manifest_that_is_not_utf_8_is_named(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_bytes(b"\xff\xff")
    with pytest.raises(ExportError, match="cannot be used"):
        read(tmp_path)


def test_without_a_manifest_nothing_was_exported(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="no model was exported"):
        read(tmp_path)


def test_the_index_has_what_the_program_needs(tmp_path: Path) -> None:
    outputs = (leaf("b", "float64"), leaf("a", "float32"), leaf("c", "int64"), leaf("d", "float32"))
    made = artifact(tmp_path, signature=Signature(inputs=(), outputs=outputs), exact=False)
    assert write_index(made, tmp_path, TOLERANCE)
    assert (tmp_path / "cases" / "index.tsv").read_bytes().decode() == (
        "tsgen-cases\t1\n"
        "torch\t2.14.1+cpu\n"
        "cpu\tGenuineIntel/Some CPU/AVX2\n"
        "threads\t1\n"
        "exact\tfalse\n"
        "tolerance\tfloat32\t0.0001\t1e-05\n"
        "tolerance\tfloat64\t1e-07\t0.0\n"
        "case\tones\n"
        "case\trandom-1\n"
    )


def test_the_index_says_what_a_case_calls_and_that_order_counts(tmp_path: Path) -> None:
    cases = (Case(name="ones", python_milliseconds=1.0), Case(name="e", python_milliseconds=1.0, method="encode"))
    method = Signature(inputs=(), outputs=(node("output", "float"),))
    known = Signature(inputs=(), outputs=(leaf("output", "int64"),), methods={"encode": method})
    write_index(artifact(tmp_path, signature=known, cases=cases, sequence=True), tmp_path, TOLERANCE)
    text = (tmp_path / "cases" / "index.tsv").read_text(encoding="utf-8")
    assert text.splitlines()[4:] == [
        "exact\ttrue",
        "sequence\ttrue",
        "tolerance\tfloat64\t1e-07\t0.0",
        "case\tones",
        "case\te\tencode",
    ]


def test_an_unchanged_index_is_not_written(tmp_path: Path) -> None:
    made, index = artifact(tmp_path), tmp_path / "cases" / "index.tsv"
    write_index(made, tmp_path, TOLERANCE)
    os.utime(index, (1, 1))
    assert not write_index(made, tmp_path, TOLERANCE)
    assert index.stat().st_mtime == 1
    assert write_index(made, tmp_path, {"float32": Tolerance(rtol=0.5, atol=0.0)})


def test_the_answer_of_the_worker_is_the_manifest_that_repeats_it(tmp_path: Path) -> None:
    response = {
        "method": "script",
        "torch_version": "2.14.1",
        "signature": {
            "inputs": [{"name": "x", "kind": "tensor", "dtype": "float32", "shape": ["N", 3]}],
            "outputs": [],
        },
        "dims": {"N": 2},
        "cases": [{"name": "ones", "python_milliseconds": 1.5}],
        "exact": True,
        "cpu": "",
        "parameters": 3,
    }
    made = manifest.artifact_of(manifest.value_of(Exported, response), tmp_path, model="m", sha256="ab")
    assert made.signature == Signature(inputs=(leaf("x", "float32", "N", 3),), outputs=(), dims={"N": 2})
    assert made.cases == (Case(name="ones", python_milliseconds=1.5),)
    assert made.path == tmp_path / "model.pt"
