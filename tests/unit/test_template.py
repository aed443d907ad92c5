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
ANSWERS = json.loads((TEMPLATE / "cookiecutter.json").read_text(encoding="utf-8"))

KEYS = [
    *("project_slug", "model", "model_args", "weights", "inputs", "method", "seed", "livened", "unsafe_pickle"),
    *("preprocess", "op_libraries", "build_type", "compile_cache"),
    *("device", "libtorch", "torch_version", "accelerator", "older_libtorch", "platforms"),
]
JINJA_ON_PURPOSE = {"tsgen.toml"}
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
    if file.relative_to(PROJECT).as_posix() in ANSWERS["_copy_without_render"]:
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
    assert (project / "include/my-app/runtime.hpp").is_file()


def test_every_source_file_is_compiled() -> None:
    """The lists in CMakeLists.txt are written by hand, so that CMake notices a new file."""
    listed = re.findall(r"\bsrc/\S+\.cpp", (PROJECT / "CMakeLists.txt").read_text(encoding="utf-8"))
    present = [file.relative_to(PROJECT).as_posix() for file in (PROJECT / "src").rglob("*.cpp")]
    assert sorted(listed) == sorted(present)


def test_cmakelists_stays_a_page() -> None:
    assert len((PROJECT / "CMakeLists.txt").read_text(encoding="utf-8").splitlines()) <= 70


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
