"""Where a LibTorch comes from."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from tsgen.errors import ConfigError, LibTorchError
from tsgen.libtorch import check_word, is_folder, resolve

from .make import libtorch_request, torch_folder

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("word", ["auto", "installed"])
def test_the_torch_of_the_models_python_is_the_default(tmp_path: Path, word: str) -> None:
    torch = torch_folder(tmp_path / "torch", "2.14.1+cu130")
    found = resolve(libtorch_request(word, torch))
    assert (found.root, found.origin, found.version) == (torch, "installed", "2.14.1+cu130")


def test_without_a_torch_all_ways_out_are_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CONDA_PREFIX", str(tmp_path))
    monkeypatch.setattr("sys.prefix", str(tmp_path))
    with pytest.raises(LibTorchError, match="no torch is installed") as caught:
        resolve(libtorch_request())
    assert all(way in caught.value.hint for way in ("--python", "pip install torch", "--libtorch"))


@pytest.mark.parametrize("top", ["", "libtorch", "torch"], ids=["itself", "an unpacked zip", "site-packages"])
def test_a_folder_is_taken_with_or_without_its_top_folder(tmp_path: Path, top: str) -> None:
    root = torch_folder(tmp_path / "given" / top)
    found = resolve(libtorch_request(str(tmp_path / "given")))
    assert (found.root, found.origin) == (root, "path")


def test_a_folder_comes_before_the_installed_torch(tmp_path: Path) -> None:
    installed, named = torch_folder(tmp_path / "a", "2.0.0"), torch_folder(tmp_path / "b", "2.1.0")
    assert resolve(libtorch_request(str(named), installed)).version == "2.1.0"


def test_a_folder_may_be_in_the_users_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    root = torch_folder(tmp_path / "libtorch")
    assert resolve(libtorch_request("~/libtorch")).root == root.resolve()


def test_a_relative_folder_starts_where_the_user_stands(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    root = torch_folder(tmp_path / "libtorch")
    monkeypatch.chdir(tmp_path)
    assert resolve(libtorch_request(f".{os.sep}libtorch")).root == root.resolve()


def test_a_folder_that_is_not_there_is_told_so(tmp_path: Path) -> None:
    with pytest.raises(LibTorchError, match="does not exist"):
        resolve(libtorch_request(str(tmp_path / "missing")))


def test_a_folder_that_is_something_else_is_told_so(tmp_path: Path) -> None:
    with pytest.raises(LibTorchError, match="has no lib/ with libtorch_cpu"):
        resolve(libtorch_request(str(tmp_path)))


@pytest.mark.parametrize(
    "word", ["auto", "installed", "./x", "/opt/libtorch", "~/libtorch", "a/b", "C:\\libtorch", ".."]
)
def test_a_provider_or_a_folder_is_a_good_word(word: str) -> None:
    check_word(word)
    assert is_folder(word) == (word not in {"auto", "installed", "wheel"})


@pytest.mark.parametrize(
    ("word", "hint"),
    [
        ("instaled", "did you mean `installed`?"),
        ("xyz", "auto | installed | wheel | archive | conan, or a folder such as"),
    ],
)
def test_any_other_word_is_refused(word: str, hint: str) -> None:
    for ask in (check_word, lambda word: resolve(libtorch_request(word))):
        with pytest.raises(ConfigError) as caught:
            ask(word)
        assert caught.value.message == f"--libtorch: `{word}` is not a provider"
        assert hint in caught.value.hint


@pytest.mark.parametrize("place", ["CONDA_PREFIX", "sys.prefix"])
def test_an_environment_of_conda_may_have_a_libtorch_without_a_torch(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, place: str
) -> None:
    root = conda_environment(tmp_path / "environment")
    monkeypatch.setenv("CONDA_PREFIX", str(root if place == "CONDA_PREFIX" else tmp_path))
    monkeypatch.setattr("sys.prefix", str(root if place == "sys.prefix" else tmp_path))
    found = resolve(libtorch_request())
    assert (found.root, found.origin, found.version) == (root, "installed", "2.10.0")


def test_on_windows_condas_libraries_are_one_folder_below(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    root = conda_environment(tmp_path / "Library", ("torch_cpu.dll",))
    for dll in ("c10.dll", "torch_cpu.dll"):
        (root / "lib" / dll).rename(root / "bin" / dll)
    monkeypatch.setenv("CONDA_PREFIX", str(tmp_path))
    assert resolve(libtorch_request(platform="windows-x86_64")).root == root


def test_the_torch_of_the_models_python_comes_before_the_environments(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("CONDA_PREFIX", str(conda_environment(tmp_path / "environment")))
    torch = torch_folder(tmp_path / "torch")
    assert resolve(libtorch_request("installed", torch)).root == torch


def conda_environment(root: Path, libraries: tuple[str, ...] = ("libtorch_cpu.so",)) -> Path:
    """As the package `libtorch` leaves it: no version.py, and headers among those of all other packages."""
    torch_folder(root, libraries=libraries)
    (root / "version.py").unlink()
    (root / "bin").mkdir()
    header = root / "include" / "torch" / "headeronly" / "version.h"
    header.parent.mkdir()
    numbers = {"MAJOR": 2, "MINOR": 10, "PATCH": 0}
    text = "".join(f"#define TORCH_VERSION_{part} {number}\n" for part, number in numbers.items())
    header.write_text(text, encoding="utf-8")
    return root
