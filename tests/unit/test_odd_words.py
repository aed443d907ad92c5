"""Words that are of the right kind and yet nobody's: too large, too long, too deep, of another encoding."""

from __future__ import annotations

import codecs
import json
from typing import TYPE_CHECKING, Any

import pytest

from tsgen.config import Config, load
from tsgen.errors import ConfigError
from tsgen.model.spec import parse_args
from tsgen.project import lock
from tsgen.system import codec

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from .conftest import Tsgen

LONG = "a" * 10_000
LONG_IN_BYTES = "ü" * 200
TOML = 'name = "app"\nmodel = "resnet18"\n'


def loaded(root: Path, text: str | bytes, options: Mapping[str, Any] | None = None) -> Config:
    (root / "tsgen.toml").write_bytes(text if isinstance(text, bytes) else text.encode())
    return load(root, options or {})


def refusal(root: Path, text: str | bytes, options: Mapping[str, Any] | None = None) -> ConfigError:
    with pytest.raises(ConfigError) as caught:
        loaded(root, text, options)
    assert caught.value.hint
    assert len(caught.value.message) < 400, "what is too long is not repeated whole"
    return caught.value


@pytest.mark.parametrize("seed", [-(2**63), -1, 0, 2**64 - 1])
def test_a_seed_of_64_bits_is_taken(tmp_path: Path, seed: int) -> None:
    assert loaded(tmp_path, f"{TOML}seed = {seed}\n").seed == seed


@pytest.mark.parametrize("seed", [-(2**63) - 1, 2**64, 10**40])
def test_a_larger_seed_is_refused(tmp_path: Path, seed: int) -> None:
    assert "`seed` must be a number of 64 bits" in refusal(tmp_path, f"{TOML}seed = {seed}\n").message
    assert "`seed` must be a number of 64 bits" in refusal(tmp_path, TOML, {"seed": seed}).message


def test_a_number_of_thousands_of_digits_is_refused(tmp_path: Path) -> None:
    assert "is not valid TOML" in refusal(tmp_path, f"{TOML}seed = {'9' * 5000}\n").message


@pytest.mark.parametrize("word", [LONG, f"{LONG}.py:make", f"dir/{LONG_IN_BYTES}/x.py:make", "a/" * 3000])
@pytest.mark.parametrize("key", ["model", "weights", "preprocess", "libtorch"])
def test_a_path_that_no_system_has_is_refused_by_the_name_of_its_key(tmp_path: Path, key: str, word: str) -> None:
    text = f'{TOML if key != "model" else TOML[: TOML.index("model")]}{key} = "{word}"\n'
    assert f"`{key}` begins with `{word[:20]}`" in refusal(tmp_path, text).message


@pytest.mark.parametrize("words", [{"op_libraries": (LONG,)}, {"python": f"/{LONG}"}, {"weights": "a\0b"}])
def test_a_path_of_the_command_line_is_refused_too(tmp_path: Path, words: dict[str, Any]) -> None:
    assert f"`{next(iter(words))}` begins with" in refusal(tmp_path, TOML, words).message


def test_a_folder_with_too_long_a_name_is_no_bug(tsgen: Tsgen) -> None:
    assert tsgen("build", LONG) == 2
    assert "too long" in tsgen.err


def test_a_byte_order_mark_is_passed_over(tmp_path: Path) -> None:
    assert loaded(tmp_path, codecs.BOM_UTF8 + TOML.encode()).model == "resnet18"
    lock.write(tmp_path, {"sha256": "0"}, [])
    file = tmp_path / lock.FILE_NAME
    file.write_bytes(codecs.BOM_UTF8 + file.read_bytes())
    assert lock.read(tmp_path).artifact == {"sha256": "0"}


@pytest.mark.parametrize("encoding", ["utf-16", "latin-1"])
def test_another_encoding_is_named_with_its_line(tmp_path: Path, encoding: str) -> None:
    error = refusal(tmp_path, f"# ok\n# größer\n{TOML}".encode(encoding))
    assert f"no UTF-8, from line {1 if encoding == 'utf-16' else 2} on" in error.message
    assert "codec" not in error.message


def test_json_of_another_encoding_is_no_bug() -> None:
    with pytest.raises(codec.FormError, match="UTF-8"):
        codec.parsed(b'{"a": "\xff"}')


@pytest.mark.parametrize("value", ["9223372036854775808", "[1, 99999999999999999999]", "1e999", "9" * 5000])
def test_an_argument_that_is_too_large_is_refused(value: str) -> None:
    with pytest.raises(ConfigError, match="does not fit in 64 bits") as caught:
        parse_args([f"n={value}"])
    assert len(caught.value.message) < 200


def test_an_argument_that_is_nested_too_deep_is_refused() -> None:
    with pytest.raises(ConfigError, match="nested too deep"):
        parse_args([f"n={'[' * 100_000}{']' * 100_000}"])


def test_arguments_are_what_they_were() -> None:
    words = ["a=9223372036854775807", "b=-9223372036854775808", "c=1e308", "d=Infinity", "e=[x", "f=[1, {}]"]
    assert list(parse_args(words).values()) == [2**63 - 1, -(2**63), 1e308, float("inf"), "[x", [1, {}]]


@pytest.mark.parametrize("text", ['{"version": 5}', "{}", "version = 5", "[]"])
def test_a_lock_without_its_format_is_none_of_tsgen(tmp_path: Path, text: str) -> None:
    (tmp_path / lock.FILE_NAME).write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match="is not a lock of tsgen") as caught:
        lock.read(tmp_path)
    assert caught.value.hint.startswith("take it back from git")
    assert "delete it: the next `tsgen build`" in caught.value.hint


@pytest.mark.parametrize("version", [5, None, ["2.14.1"]])
def test_a_version_that_is_no_text_is_told_with_its_place(tmp_path: Path, version: object) -> None:
    text = json.dumps({"format": lock.FORMAT, "libtorch": [{"version": version}]})
    (tmp_path / lock.FILE_NAME).write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=r"at `libtorch\[0\].version`: expected `str`"):
        lock.read(tmp_path)


@pytest.mark.parametrize("kind", ["folder", "broken link"])
def test_a_lock_that_is_no_file_is_refused_before_anything_is_made(tmp_path: Path, kind: str) -> None:
    path = tmp_path / lock.FILE_NAME
    path.mkdir() if kind == "folder" else path.symlink_to(tmp_path / "nowhere")
    with pytest.raises(ConfigError, match="is no file") as caught:
        lock.read(tmp_path)
    assert "move it away" in caught.value.hint
