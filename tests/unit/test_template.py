"""The cookiecutter template: its answers, its hooks, and what Jinja must not touch."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from cookiecutter.exceptions import FailedHookException
from cookiecutter.generate import generate_context, generate_files
from cookiecutter.prompt import prompt_for_config

TEMPLATE = Path(__file__).parents[2] / "templates/cpp"
PROJECT = TEMPLATE / "{{cookiecutter.project_slug}}"
VENDORED = PROJECT / "third_party/tsgen"
CMAKE = [VENDORED / "CMakeLists.txt", *sorted((VENDORED / "cmake").glob("*.cmake"))]
ANSWERS = json.loads((TEMPLATE / "cookiecutter.json").read_text(encoding="utf-8"))

KEYS = [
    *("project_slug", "model", "model_args", "weights", "inputs", "method", "tune", "runtime", "packaged", "seed"),
    *("reinit_weights", "unsafe_pickle", "preprocess", "op_libraries", "build_type", "compile_cache"),
    *("device", "libtorch", "torch_version", "accelerator", "older_libtorch", "platforms", "lfs"),
]
JINJA_ON_PURPOSE = {"tsgen.toml", ".gitattributes", "README.md"}
"""Files whose text is more than a project's name."""


def render(folder: Path, *, hooks: bool = False, **answers: str) -> Path:
    context = generate_context(str(TEMPLATE / "cookiecutter.json"), extra_context=answers)
    context["cookiecutter"] = prompt_for_config(context, no_input=True)
    return Path(generate_files(str(TEMPLATE), context, output_dir=str(folder), accept_hooks=hooks))


def template_files() -> list[Path]:
    return sorted(file for file in PROJECT.rglob("*") if file.is_file() and file.name not in JINJA_ON_PURPOSE)


@pytest.mark.parametrize("file", template_files(), ids=lambda file: str(file.relative_to(PROJECT)))
def test_no_brace_of_another_language_is_taken_for_jinja(file: Path) -> None:
    """`{{` in C++ or in a workflow is Jinja: it would disappear without a word."""
    place = file.relative_to(PROJECT)
    if {path.as_posix() for path in (place, *place.parents)} & set(ANSWERS["_copy_without_render"]):
        return
    text = file.read_text(encoding="utf-8")
    assert not re.findall(r"\{\{(?! cookiecutter\.)", text)
    assert not re.findall(r"\{#|\{%", text)


def test_answers_are_the_words_of_tsgen_new() -> None:
    public = [key for key in ANSWERS if not key.startswith("_")]
    assert public == KEYS
    assert list(ANSWERS["__prompts__"]) == public


def test_a_rendered_project_has_no_trace_of_the_template(tmp_path: Path) -> None:
    project = render(tmp_path, project_slug="my-app")
    for file in (file for file in project.rglob("*") if file.is_file()):
        assert "cookiecutter" not in file.read_text(encoding="utf-8"), file
    assert (project / "third_party/tsgen/VERSION").is_file()


@pytest.mark.parametrize("folder", ["core", "runner", "runtimes/torchscript"])
def test_every_source_file_is_compiled(folder: str) -> None:
    """The sources are gathered by hand, into one translation unit for each folder."""
    sources = VENDORED / "src"
    gathered = re.findall(r'#include "(\S+\.cpp)"', (sources / folder / "all.cpp").read_text(encoding="utf-8"))
    present = [file.relative_to(sources).as_posix() for file in (sources / folder).rglob("*.cpp")]
    alone = {f"{folder}/all.cpp", "runner/main.cpp"}
    assert sorted(gathered) == sorted(set(present) - alone)
    lists = "".join(file.read_text(encoding="utf-8") for file in CMAKE)
    assert f"src/{folder}/all.cpp" in lists


def test_every_file_of_the_vendored_library_says_its_licence() -> None:
    """It lives in other people's repositories, whose scanners ask for it."""
    code = [file for file in VENDORED.rglob("*") if file.suffix in {".cpp", ".hpp", ".cmake", ".in", ".txt", ".h"}]
    assert code
    for file in code:
        first = file.read_text(encoding="utf-8").partition("\n")[0]
        assert first.endswith(" SPDX-License-Identifier: 0BSD"), file


def test_the_version_of_the_vendored_library_is_said_once_in_each_language() -> None:
    version = (VENDORED / "VERSION").read_text(encoding="utf-8").strip()
    header = (VENDORED / "include/tsgen/version.hpp").read_text(encoding="utf-8")
    assert f'#define TSGEN_VERSION "{version}"' in header
    assert f"#define TSGEN_ABI v{version.replace('.', '_')}\n" in header


@pytest.mark.parametrize(("name", "most"), [("CMakeLists.txt", 40), ("src/main.cpp", 25)])
def test_what_a_user_reads_first_is_short(name: str, most: int) -> None:
    assert len((PROJECT / name).read_text(encoding="utf-8").splitlines()) <= most


def test_every_preset_can_be_configured_built_tested_and_run_as_a_workflow() -> None:
    presets = json.loads((PROJECT / "CMakePresets.json").read_text(encoding="utf-8"))
    names = {
        kind: [preset["name"] for preset in presets[f"{kind}Presets"] if not preset.get("hidden")]
        for kind in ("configure", "build", "test", "workflow")
    }
    assert all(listed == ["release", "debug", "asan"] for listed in names.values())


def test_the_model_is_committed_and_what_is_built_is_not() -> None:
    ignored = (PROJECT / ".gitignore").read_text(encoding="utf-8").split()
    assert {"/build/", "/.tsgen/", "/CMakeUserPresets.json"} <= set(ignored)
    assert not [line for line in ignored if "model" in line or "lock" in line]


@pytest.mark.parametrize(
    "slug",
    [
        *("../escaped", "a/b", "a.b", "a b", "", "1st", "-x", "_x", "größe", "模型", "a$b", 'a"b', "a\\b", "x" * 65),
        *("class", "Class", "and-eq", "thread-local", "test", "all", "install", "ALL_BUILD", "tests", "main"),
        *("torch", "torch_cpu", "c10", "std", "time", "index", "linux", "con", "NUL", "com1"),
    ],
)
@pytest.mark.usefixtures("capfd")
def test_a_name_that_cannot_be_built_leaves_nothing(tmp_path: Path, slug: str) -> None:
    with pytest.raises((FailedHookException, OSError)):
        render(tmp_path / "out", hooks=True, project_slug=slug)
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_the_refusal_says_what_is_wrong_and_what_to_do(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(FailedHookException):
        render(tmp_path, hooks=True, project_slug="Test")
    said = capfd.readouterr().err
    assert "error: the project name 'Test' is taken by C++, CMake, LibTorch or the operating system" in said
    assert "hint: choose another one" in said


def run_post_hook(project: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """The hook as cookiecutter runs it: a script elsewhere, with the new project as its current folder."""
    project.mkdir()
    command = [sys.executable, "-S", str(TEMPLATE / "hooks/post_gen_project.py")]  # -S: no installed tsgen
    kept = {"SYSTEMROOT": os.environ["SYSTEMROOT"]} if "SYSTEMROOT" in os.environ else {}
    return subprocess.run(command, cwd=project, env=kept | environment, capture_output=True, text=True, check=False)


def test_without_tsgen_the_hook_says_how_to_go_on(tmp_path: Path) -> None:
    done = run_post_hook(tmp_path / "myapp", PATH=str(tmp_path))
    assert done.returncode == 0
    assert "cd myapp && tsgen build" in done.stdout


@pytest.fixture
def tsgen_on_path(tmp_path: Path) -> Path:
    """A `tsgen` that prints its arguments and fails."""
    program = tmp_path / "bin/tsgen"
    program.parent.mkdir()
    program.write_text('#!/bin/sh\necho "called: $*"\nexit 7\n')
    program.chmod(0o755)
    return program.parent


@pytest.mark.skipif(os.name == "nt", reason="a shell script stands in for tsgen")
def test_a_failed_build_keeps_the_project_and_is_told(tmp_path: Path, tsgen_on_path: Path) -> None:
    done = run_post_hook(tmp_path / "myapp", PATH=f"{tsgen_on_path}{os.pathsep}/bin{os.pathsep}/usr/bin")
    assert done.returncode == 0
    assert "called: build myapp" in done.stdout
    assert "building it failed (status 7). Mend the cause, then:  cd myapp && tsgen build" in done.stdout


def test_the_tsgen_of_cookiecutters_own_python_comes_first(tmp_path: Path, tsgen_on_path: Path) -> None:
    package = tmp_path / "packages/tsgen"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "__main__.py").write_text("import sys\nprint('module:', *sys.argv[1:])\n")
    done = run_post_hook(tmp_path / "myapp", PATH=str(tsgen_on_path), PYTHONPATH=str(package.parent))
    assert done.returncode == 0
    assert "module: build myapp" in done.stdout
    assert "failed" not in done.stdout
