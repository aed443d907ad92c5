"""The project from the template: the same files for everyone, whatever the values are."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tsgen import config as configuration
from tsgen import render
from tsgen.config import Config
from tsgen.errors import ConfigError, RenderError
from tsgen.render import templates
from tsgen.system import files

from .make import config, contents

if TYPE_CHECKING:
    from collections.abc import Mapping

WILD = "größe \"quoted\" 'single' $HOME %PATH% # back\\slash é.pt"


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, bytes]:
    return contents(render.project(config(name="my-app"), tmp_path_factory.mktemp("rendered")))


def test_a_project_has_its_files(rendered: Mapping[str, bytes]) -> None:
    wanted = ["tsgen.toml", "CMakeLists.txt", "CMakePresets.json", ".gitignore", ".gitattributes", "README.md"]
    assert set(wanted) <= set(rendered)
    assert {"src/main.cpp", "tests/model_test.cpp", "third_party/tsgen/cmake/FindTorch.cmake"} <= set(rendered)


def test_the_vendored_library_is_the_same_bytes_in_every_project(rendered: Mapping[str, bytes], tmp_path: Path) -> None:
    def vendored(files: Mapping[str, bytes]) -> dict[str, bytes]:
        return {name: content for name, content in files.items() if name.startswith("third_party/")}

    template = contents(templates.template_dir() / "cpp" / "{{cookiecutter.project_slug}}")
    other = contents(render.project(config(name="other", seed=7), tmp_path))
    assert vendored(rendered) == vendored(other) == vendored(template) != {}


@pytest.mark.parametrize("place", ["{{cookiecutter.project_slug}}", "{{cookiecutter.project_slug}}/a/b", "hooks"])
def test_bytecode_in_the_template_goes_into_no_project(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, templates_of_few_files: Path, place: str
) -> None:
    """What pip installs it compiles, the Python files of the templates too."""
    template = Path(shutil.copytree(templates_of_few_files, tmp_path / "templates"))
    monkeypatch.setattr(templates, "template_dir", lambda: template)
    expected = contents(render.project(config(), tmp_path / "expected"))
    for name in ("__pycache__/conanfile.cpython-311.pyc", "stray.pyc"):
        files.write_text(template / "cpp" / place / name, "bytecode")
    project = render.project(config(), tmp_path / "out")
    assert contents(project) == expected
    assert not list(project.rglob("__pycache__"))


def test_what_was_not_asked_for_is_not_there(rendered: Mapping[str, bytes]) -> None:
    """`tsgen add` brings it."""
    tops = {name.partition("/")[0] for name in rendered}
    assert not tops & {".github", ".gitlab-ci.yml", ".devcontainer", "conanfile.py", "test_package", "ops"}


def test_nothing_of_the_template_is_left(rendered: Mapping[str, bytes]) -> None:
    for name, content in rendered.items():
        assert "cookiecutter" not in name
        assert b"cookiecutter" not in content.replace(b"cookiecutter --directory", b""), name
        assert b"{%" not in content, name


def test_no_file_names_a_place_of_this_machine(rendered: Mapping[str, bytes]) -> None:
    for name, content in rendered.items():
        assert str(Path.home()).encode() not in content, name
        assert str(templates.template_dir()).encode() not in content, name


@pytest.mark.usefixtures("few_files")
@pytest.mark.parametrize("lfs", [False, True])
def test_git_keeps_bytes_and_leaves_large_files_to_lfs_when_asked(tmp_path: Path, *, lfs: bool) -> None:
    root = render.project(config(lfs=lfs), tmp_path)
    subprocess.run(["git", "init", "--quiet", str(root)], check=True)
    names = ["model/model.pt", "model/cases/ones/input.x.npy", "model/manifest.json", "tsgen.lock", "src/main.cpp"]
    asked = ["git", "-C", str(root), "check-attr", "text", "filter", "--", *names]
    said = subprocess.run(asked, check=True, capture_output=True, text=True).stdout.splitlines()
    values = [line.rpartition(": ")[2] for line in said]
    large = ["unset", "lfs" if lfs else "unspecified"]
    assert values == [*large, *large, *["unset", "unspecified"] * 2, *["unspecified"] * 2]


def test_no_hook_has_run(rendered: Mapping[str, bytes]) -> None:
    assert not any(name.startswith(("model/", "build/")) for name in rendered)


def test_rendering_twice_gives_the_same_bytes(tmp_path: Path, rendered: Mapping[str, bytes]) -> None:
    assert contents(render.project(config(name="my-app"), tmp_path)) == rendered


@pytest.mark.usefixtures("few_files")
def test_nothing_is_written_to_the_users_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / ".cookiecutterrc").write_text("default_context: {model: theirs, seed: '9'}\n", encoding="utf-8")
    monkeypatch.setenv("HOME", str(home))
    root = render.project(config(), tmp_path / "out")
    assert configuration.load(root) == config()
    assert list(contents(home)) == [".cookiecutterrc"]


@pytest.mark.usefixtures("few_files")
@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"model": f"{WILD[:-3]}.py:Net"},
        {"model": "../nets/a b;c.py:Net"},
        {"weights": WILD},
        {"model_args": ('name="a b"', "path=ü\\n", "n=3")},
        {"inputs": ("x=Nx3xH@224xW@224:float32", "mask=N:bool")},
        {"tune": "freeze"},
        {"runtime": "aotinductor"},
        {"method": "script", "seed": -3, "build_type": "debug"},
        {"compile_cache": "sccache"},
        {"libtorch": "installed", "reinit_weights": True, "unsafe_pickle": True},
        {"preprocess": "../net.py:transform", "op_libraries": ("../a.so", "../b.so")},
        {"device": "cuda", "accelerator": "cu126", "torch_version": "2.13.0", "older_libtorch": True},
        {"platforms": ("windows-x86_64", "macos-arm64")},
        {"model_args": ("separator= ", "n=1")},
        {"lfs": True},
    ],
    ids=str,
)
def test_what_was_asked_for_is_what_the_toml_says(tmp_path: Path, changes: dict[str, Any]) -> None:
    wanted = config(**changes)
    assert configuration.load(render.project(wanted, tmp_path)) == wanted


def test_the_defaults_of_the_template_are_those_of_tsgen(rendered: Mapping[str, bytes], tmp_path: Path) -> None:
    (tmp_path / "tsgen.toml").write_bytes(rendered["tsgen.toml"])
    assert configuration.load(tmp_path) == Config(name="my-app", model="resnet18")
    keys = json.loads((templates.template_dir() / "cpp" / "cookiecutter.json").read_text(encoding="utf-8"))
    public = [key for key in keys if not key.startswith("_")]
    assert public == [
        "project_slug",
        *("model", "model_args", "weights", "inputs", "method", "tune", "runtime", "packaged", "seed"),
        *("reinit_weights", "unsafe_pickle", "preprocess", "op_libraries", "build_type", "compile_cache"),
        *("device", "libtorch", "torch_version", "accelerator", "older_libtorch", "platforms", "lfs"),
    ]


def test_the_toml_holds_what_was_said_and_no_default(tmp_path: Path) -> None:
    for changes, said in (({}, []), ({"seed": 5, "device": "cuda"}, ["seed = 5", 'device = "cuda"'])):
        root = render.project(config(**changes), tmp_path / str(len(said)))
        lines = (root / "tsgen.toml").read_text(encoding="utf-8").splitlines()
        assert [line for line in lines if not line.startswith("#")] == ['name = "myapp"', 'model = "resnet18"', *said]


@pytest.mark.usefixtures("few_files")
@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"model": "{{ 7 * 7 }}.pt"}, "would be taken for a template"),
        ({"weights": "{% raw %}.pt"}, "would be taken for a template"),
        ({"weights": "{# gone #}.pt"}, "would be taken for a template"),
        ({"model_args": ("a={{1}}",)}, "would be taken for a template"),
        ({"model": "a\nb.pt"}, "has control characters in it"),
        ({"weights": "a\tb.pt"}, "has control characters in it"),
        ({"weights": "a\x00b"}, "has control characters in it"),
        ({"model_args": ("a=1;2",)}, "has a `;` in it"),
        ({"inputs": ("x=1;y=2",)}, "has a `;` in it"),
    ],
)
def test_a_value_that_cannot_be_written_is_refused(tmp_path: Path, changes: dict[str, Any], told: str) -> None:
    with pytest.raises(ConfigError) as caught:
        render.project(config(**changes), tmp_path)
    assert told in caught.value.message
    assert caught.value.hint
    assert list(tmp_path.iterdir()) == []


def test_a_bad_name_writes_nothing(tmp_path: Path) -> None:
    with pytest.raises(ConfigError):
        render.project(config(name="../x"), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(RenderError, match="is a file, not a folder"):
        render.project(config(), tmp_path / "file")


def test_a_broken_template_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    template = tmp_path / "templates" / "cpp"
    (template / "{{cookiecutter.project_slug}}").mkdir(parents=True)
    real = templates.template_dir() / "cpp" / "cookiecutter.json"
    (template / "cookiecutter.json").write_bytes(real.read_bytes())
    (template / "{{cookiecutter.project_slug}}" / "a").write_text("{{ nothing.there }}", encoding="utf-8")
    monkeypatch.setattr(templates, "template_dir", lambda: tmp_path / "templates")
    with pytest.raises(RenderError, match="the template could not be rendered") as caught:
        render.project(config(), tmp_path / "out")
    assert len(caught.value.message) < 300, "cookiecutter's errors carry the whole context"


@pytest.mark.usefixtures("few_files")
@pytest.mark.parametrize("place", ["{{x}}", "{% x", "{# x #}"])
def test_a_place_that_would_be_taken_for_a_template_is_refused(tmp_path: Path, place: str) -> None:
    with pytest.raises(ConfigError, match="would be taken for a template"):
        render.project(config(), tmp_path / place)


def test_a_template_without_one_of_our_keys_is_our_bug_and_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = json.loads((templates.template_dir() / "cpp" / "cookiecutter.json").read_text(encoding="utf-8"))
    del real["seed"]
    (tmp_path / "cpp").mkdir()
    (tmp_path / "cpp" / "cookiecutter.json").write_text(json.dumps(real), encoding="utf-8")
    monkeypatch.setattr(templates, "template_dir", lambda: tmp_path)
    with pytest.raises(RenderError, match="the template has no seed"):
        render.project(config(), tmp_path / "out")


@pytest.mark.usefixtures("few_files")
@pytest.mark.parametrize("place", ["a b", "größe", "it's", 'say "x"', "a;b", "$HOME", "100%"])
def test_the_place_may_have_any_name(tmp_path: Path, place: str) -> None:
    if os.name == "nt" and '"' in place:
        pytest.skip("Windows knows no such name")
    root = render.project(config(), tmp_path / place)
    assert root == tmp_path / place / "myapp"
    assert (root / "tsgen.toml").is_file()
