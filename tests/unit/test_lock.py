"""tsgen.lock: what a project was resolved to and exported from."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from tsgen import __version__
from tsgen.errors import ConfigError, UnsafeError
from tsgen.project import lock
from tsgen.types import Source

from .make import libtorch

if TYPE_CHECKING:
    from pathlib import Path

ARTIFACT: lock.Exported = {"sha256": "ab", "request": "cd", "sources": {"../net.py": "ef"}}
WHEELS = (
    Source(file="torch.whl", sha256="1" * 64, requirement="torch==2.14.1"),
    Source(file="cupti.whl", sha256="2" * 64, requirement="nvidia-cuda-cupti==13.0.85"),
)
FIRST_FORMAT = f"""# Written by `tsgen build`, to be committed: what this project was resolved to and exported from.
template = "0.0.9"

[artifact]
sha256 = "ab"
request = "cd"

[artifact.sources]
"../net.py" = "ef"

[[libtorch]]
platform = "linux-x86_64"
build_type = "release"
version = "2.14.1+cpu"
accelerator = "cpu"
cxx11_abi = true
origin = "wheel"

[[libtorch.sources]]
file = "torch.whl"
sha256 = "{"1" * 64}"
url = ""
requirement = "torch==2.14.1"
"""


def document(root: Path) -> dict[str, Any]:
    return dict(json.loads((root / "tsgen.lock").read_text(encoding="utf-8")))


def test_what_was_locked_is_read_again(tmp_path: Path) -> None:
    assert lock.write(tmp_path, ARTIFACT, [libtorch().pin])
    assert lock.read(tmp_path) == lock.Lock(artifact=ARTIFACT, libtorch=(libtorch().pin,))
    assert document(tmp_path) == {
        "format": lock.FORMAT,
        "tsgen": __version__,
        "artifact": ARTIFACT,
        "libtorch": [
            {
                "platform": "linux-x86_64",
                "build_type": "release",
                "version": "2.14.1+cpu",
                "accelerator": "cpu",
                "cxx11_abi": True,
                "origin": "installed",
            }
        ],
    }


def test_a_libtorch_keeps_its_fellows_of_other_platforms(tmp_path: Path) -> None:
    mac = libtorch(platform="macos-arm64")
    for found in (mac, libtorch(), libtorch(build_type="debug"), libtorch(version="2.15.0")):
        lock.write(tmp_path, ARTIFACT, [found.pin])
    rows = [(pin.platform, pin.build_type, pin.version) for pin in lock.pins(tmp_path)]
    assert rows == [
        ("linux-x86_64", "debug", "2.14.1+cpu"),
        ("linux-x86_64", "release", "2.15.0"),
        ("macos-arm64", "release", "2.14.1+cpu"),
    ]


def test_the_same_facts_do_not_change_the_file(tmp_path: Path) -> None:
    lock.write(tmp_path, ARTIFACT, [libtorch(tmp_path).pin])
    assert not lock.write(tmp_path, ARTIFACT, [libtorch(tmp_path / "elsewhere").pin])


def test_it_names_no_folder_of_this_machine(tmp_path: Path) -> None:
    lock.write(tmp_path, ARTIFACT, [libtorch(tmp_path).pin])
    assert str(tmp_path) not in (tmp_path / "tsgen.lock").read_text(encoding="utf-8")


def test_without_a_file_nothing_is_locked(tmp_path: Path) -> None:
    assert lock.read(tmp_path) == lock.Lock()


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "truncated"),
        (b"a = ", "invalid character in line 1"),
        (b"\xff", "invalid character in line 1"),
        (b'{"format": 2,\n "tsgen" 1}', "expected ':' in line 2"),
        (b'{"format": 2, "tsgen": "\xff"}', "Invalid UTF-8"),
        (b'{"format": NaN}', "invalid character in line 1"),
        pytest.param(b'{"format": 1' + b"0" * 5000 + b"}", "out of range", id="huge"),
        pytest.param(b'{"format": ' + b"[" * 10**5, "nested too deep", id="deep"),
        (b"[]", "expected `object`, got `array`"),
        (b'{"format": 2,\n<<<<<<< HEAD\n"tsgen": "1"\n', "git left a merge in it"),
        (b'template = "0.1.0"\nlibtorch = ?', "line 2"),
        (b'{"format": 2, "artifact": 3}', "at `artifact`: expected `object`, got `int`"),
        (b'{"format": 2, "artifact": {"sources": []}}', "at `artifact.sources`: expected `object`, got `array`"),
        (b'{"format": 2, "artifact": {"torch_version": 2.14}}', "at `artifact.torch_version`: expected `str`"),
        (b'{"format": 2, "vendored": "0.1.0"}', "at `vendored`: expected `object`, got `str`"),
        (b'{"format": 2, "libtorch": {}}', "at `libtorch`: expected `array`, got `object`"),
        (b'{"format": 2, "libtorch": [1]}', "at `libtorch[0]`: expected `object`, got `int`"),
        (
            b'{"format": 2, "libtorch": [{"version": "2"}]}',
            "at `libtorch[0]`: object missing required field `platform`",
        ),
        (b'{"format": 2, "libtorch": [], "libtorch": 1}', "at `libtorch`: expected `array`, got `int`"),
        (b'{"format": 2, "more": 1}', "`more` is a key that nobody knows"),
    ],
    ids=repr,
)
def test_a_damaged_lock_is_told(tmp_path: Path, content: bytes, why: str) -> None:
    (tmp_path / "tsgen.lock").write_bytes(content)
    with pytest.raises(ConfigError, match="is not a lock of tsgen") as caught:
        lock.write(tmp_path, ARTIFACT, [libtorch().pin])
    assert why in caught.value.message
    assert "take it back from git" in caught.value.hint
    assert "or delete it: the next `tsgen build`" in caught.value.hint
    assert (tmp_path / "tsgen.lock").read_bytes() == content


@pytest.mark.parametrize("format_", ["3", '"2"', "null"])
def test_another_format_is_told(tmp_path: Path, format_: str) -> None:
    (tmp_path / "tsgen.lock").write_text(f'{{"format": {format_}, "tsgen": "7.0", "libtorch": 0}}', encoding="utf-8")
    with pytest.raises(ConfigError, match=f"and tsgen {__version__} reads format {lock.FORMAT}") as caught:
        lock.read(tmp_path)
    assert "use the tsgen that wrote it (7.0)" in caught.value.hint


def test_the_form_is_the_same_for_the_same_facts(tmp_path: Path) -> None:
    """It is committed: keys in one order, one to a line, and a line feed at the end."""
    lock.write(tmp_path, {"sha256": "ab"}, [libtorch().pin], vendored={"version": "0.1.0", "sha256": "cd"})
    text = (tmp_path / "tsgen.lock").read_text(encoding="utf-8")
    assert text.startswith(
        f'{{\n  "format": {lock.FORMAT},\n  "tsgen": "{__version__}",\n  "artifact": {{\n    "sha256"'
    )
    assert text.endswith("}\n")
    assert list(json.loads(text)) == ["format", "tsgen", "artifact", "vendored", "libtorch"]


def test_the_vendored_folder_is_kept_until_another_is_named(tmp_path: Path) -> None:
    first: lock.Vendored = {"version": "0.1.0", "sha256": "cd"}
    second: lock.Vendored = {"version": "0.2.0", "sha256": "ef"}
    lock.write(tmp_path, ARTIFACT, [libtorch().pin], vendored=first)
    lock.write(tmp_path, {}, [])
    assert lock.read(tmp_path).vendored == first
    lock.write(tmp_path, {}, [], vendored=second)
    assert lock.read(tmp_path).vendored == second


def test_what_a_newer_tsgen_keeps_of_an_export_stays(tmp_path: Path) -> None:
    lock.write(tmp_path, {**ARTIFACT, "later": 1}, [libtorch().pin])  # type: ignore[typeddict-unknown-key]
    lock.write(tmp_path, lock.read(tmp_path).artifact, [])
    assert document(tmp_path)["artifact"] == {**ARTIFACT, "later": 1}


def test_a_lock_of_the_first_format_is_read_and_rewritten(tmp_path: Path) -> None:
    (tmp_path / "tsgen.lock").write_text(FIRST_FORMAT, encoding="utf-8")
    wheel = libtorch(origin="wheel", sources=WHEELS[:1]).pin
    assert lock.pins(tmp_path) == (wheel,)
    old = lock.read(tmp_path)
    assert (old.tsgen, old.artifact) == ("0.0.9", ARTIFACT)
    assert (tmp_path / "tsgen.lock").read_text(encoding="utf-8") == FIRST_FORMAT, "reading writes nothing"
    assert lock.write(tmp_path, old.artifact, [])
    assert document(tmp_path)["format"] == lock.FORMAT
    assert lock.read(tmp_path) == replace(old, tsgen=__version__)


def test_the_files_of_a_libtorch_are_pinned(tmp_path: Path) -> None:
    wheel, installed = libtorch(origin="wheel", sources=WHEELS).pin, libtorch(platform="macos-arm64").pin
    lock.write(tmp_path, ARTIFACT, [wheel, installed])
    assert lock.pins(tmp_path) == (wheel, installed)
    assert lock.pins(tmp_path)[0].sources == WHEELS


@pytest.mark.parametrize("file", ["../evil.whl", "/etc/passwd", "a\\b.whl", "..", "", "a b.whl"])
def test_a_file_elsewhere_is_refused(tmp_path: Path, file: str) -> None:
    lock.write(tmp_path, ARTIFACT, [libtorch(origin="wheel", sources=(replace(WHEELS[0], file=file),)).pin])
    with pytest.raises(UnsafeError, match="no plain file name"):
        lock.pins(tmp_path)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"sources": 3}, "at `libtorch[0].sources`: expected `array`, got `int`"),
        ({"sources": [{"file": "a"}]}, "at `libtorch[0].sources[0]`: object missing required field `sha256`"),
        ({"sources": [{"file": "a", "sha256": ""}]}, "`` is no sha256 of a"),
        ({"colour": "red"}, "`libtorch[0].colour` is a key that nobody knows"),
        ({"cxx11_abi": "true"}, "at `libtorch[0].cxx11_abi`: expected `bool`, got `str`"),
        ({"build_type": "fast"}, "at `libtorch[0].build_type`: invalid enum value 'fast'"),
        ({"sources": [{"file": "a", "sha256": "1" * 64, "more": 1}]}, "`libtorch[0].sources[0].more` is a key"),
        ({"version": 2.14}, "at `libtorch[0].version`: expected `str`, got `float`"),
    ],
    ids=repr,
)
def test_a_row_that_is_not_ours_is_told(tmp_path: Path, change: dict[str, object], why: str) -> None:
    lock.write(tmp_path, ARTIFACT, [libtorch().pin])
    changed = document(tmp_path)
    changed["libtorch"][0].update(change)
    (tmp_path / "tsgen.lock").write_text(json.dumps(changed), encoding="utf-8")
    with pytest.raises(ConfigError, match="is not a lock of tsgen") as caught:
        lock.pins(tmp_path)
    assert why in caught.value.message
