"""As much of GitHub's runner as the template's workflow needs: expressions, steps with bash, artifacts, caches.

`uses:` steps are played: checkout copies the project, artifacts are folders, caches are empty. What is not known is an
error, so a test fails when the workflow begins to use something new.
"""

from __future__ import annotations

import glob
import hashlib
import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Callable


class Failed(Exception):  # noqa: N818 - the word of the thing: a step that failed
    """A step ended with a status that is not zero; `output` is what it printed."""

    def __init__(self, step: str, output: str) -> None:
        super().__init__(f"{step}\n{output}")
        self.step = step
        self.output = output


def bash(script: str, cwd: Path, env: dict[str, str]) -> str:
    """As GitHub runs `shell: bash`, and GitLab a job's script."""
    command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script]
    done = subprocess.run(
        command,
        cwd=cwd,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    )
    if done.returncode:
        raise Failed(script, done.stdout)
    return done.stdout


def value(expression: str, contexts: dict[str, Any], root: Path) -> Any:
    """An expression without brackets other than of a call, which is as much as the workflow has."""
    expression = expression.strip()
    for operator in (" || ", " && ", " == "):
        left, found, right = expression.partition(operator)
        if found:
            first = value(left, contexts, root)
            if operator == " == ":
                return first == value(right, contexts, root)
            return first if bool(first) == (operator == " || ") else value(right, contexts, root)
    if expression.startswith("!"):
        return not value(expression[1:], contexts, root)
    if call := re.fullmatch(r"(\w+)\((.*)\)", expression):
        given = [value(word, contexts, root) for word in call[2].split(",") if word.strip()]
        return {"fromJSON": json.loads, "hashFiles": _hasher(root), "cancelled": lambda: False}[call[1]](*given)
    if expression.startswith("'"):
        return expression.strip("'")
    return _looked_up(expression, contexts)


def _looked_up(name: str, contexts: dict[str, Any]) -> Any:
    """A repository variable that is not set is empty; anything else must be there."""
    found: Any = contexts
    for word in name.split("."):
        found = found.get(word, "") if found is contexts["vars"] else found[word]
    return found


def _hasher(root: Path) -> Any:
    def hash_files(*patterns: str) -> str:
        names = sorted({name for pattern in patterns for name in glob.glob(pattern, root_dir=root, recursive=True)})  # noqa: PTH207
        files = [root / name for name in names if (root / name).is_file()]
        return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest() if files else ""

    return hash_files


class Runner:
    """Runs the jobs of a workflow, each in a fresh copy of the project."""

    def __init__(self, project: Path, place: Path, environment: dict[str, str], variables: dict[str, str]) -> None:
        self.project, self.place, self.environment = project, place, environment
        self.workflow = yaml.safe_load((project / ".github/workflows/ci.yml").read_text(encoding="utf-8"))
        self.artifacts, self.summary = place / "artifacts", place / "summary.md"
        self.keys: list[str] = []
        self.skipped: list[str] = []
        self.contexts: dict[str, Any] = {"vars": variables, "needs": {}, "runner": {"os": "Linux"}}

    def run(self, job: str, matrix: dict[str, Any] | None = None) -> str:
        """Its result, as `needs.JOB.result` has it."""
        described = self.workflow["jobs"][job]
        root = self.place / "work" / f"{job}-{(matrix or {}).get('leg', '')}"
        root.mkdir(parents=True)
        contexts = {**self.contexts, "matrix": matrix or {}, "steps": {}, "github": {"workspace": str(root)}}
        env = {**self.environment, "RUNNER_OS": "Linux", "GITHUB_STEP_SUMMARY": str(self.summary)}
        for source in (self.workflow["env"], described.get("env", {})):
            env |= {name: self._text(text, contexts, root) for name, text in source.items()}
        failures = [failure for step in described["steps"] if (failure := self._step(step, root, contexts, env))]
        outputs = {name: self._text(text, contexts, root) for name, text in described.get("outputs", {}).items()}
        result = "failure" if failures else "success"
        self.contexts["needs"][job] = {"result": result, "outputs": outputs}
        self.failures = failures
        return result

    def legs(self) -> list[dict[str, Any]]:
        matrix = self._text(self.workflow["jobs"]["leg"]["strategy"]["matrix"], self.contexts, self.project)
        return list(matrix["include"])

    def run_legs(self) -> str:
        """Every leg, as `fail-fast: false` says; the result of all together."""
        results = [self.run("leg", leg) for leg in self.legs()]
        result = "success" if set(results) == {"success"} else "failure"
        self.contexts["needs"]["leg"] = {"result": result, "outputs": {}}
        return result

    def asks_for(self, job: str) -> bool:
        """Whether the job's own `if` lets it run."""
        return bool(self._text(self.workflow["jobs"][job]["if"], self.contexts, self.project))

    def _step(self, step: dict[str, Any], root: Path, contexts: dict[str, Any], env: dict[str, str]) -> Failed | None:
        condition, failed = str(step.get("if", "")), contexts.get("failed", False)
        wanted = self._condition(condition, contexts, root) if condition else True
        if not wanted or (failed and "cancelled()" not in condition):
            self.skipped.append(step.get("name", step.get("uses", "")))
            return None
        try:
            if "uses" in step:
                self._play(step, root, contexts)
            else:
                self._execute(step, root, contexts, env)
        except Failed as failure:
            contexts["failed"] = True
            return failure
        return None

    def _condition(self, text: str, contexts: dict[str, Any], root: Path) -> bool:
        return bool(self._text(text if "${{" in text else f"${{{{ {text} }}}}", contexts, root))

    def _execute(self, step: dict[str, Any], root: Path, contexts: dict[str, Any], env: dict[str, str]) -> None:
        assert step.get("shell", self.workflow["defaults"]["run"]["shell"]) == "bash"
        files = {name: self.place / name.lower() for name in ("GITHUB_OUTPUT", "GITHUB_ENV")}
        for file in files.values():
            file.write_text("", encoding="utf-8")
        own = {name: self._text(text, contexts, root) for name, text in step.get("env", {}).items()}
        try:
            bash(step["run"], root, {**env, **own, **{name: str(file) for name, file in files.items()}})
        except Failed as failure:
            raise Failed(step["name"], failure.output) from failure
        env |= _lines(files["GITHUB_ENV"])
        if "id" in step:
            contexts["steps"][step["id"]] = {"outputs": _lines(files["GITHUB_OUTPUT"])}

    def _play(self, step: dict[str, Any], root: Path, contexts: dict[str, Any]) -> None:
        given = {key: self._text(text, contexts, root) for key, text in step.get("with", {}).items()}
        played: dict[str, Callable[[], object]] = {
            "actions/checkout": lambda: shutil.copytree(self.project, root, dirs_exist_ok=True),
            "actions/setup-python": lambda: None,
            "actions/cache": lambda: self._restore(given),
            "actions/upload-artifact": lambda: self._upload(given, root),
            "actions/download-artifact": lambda: self._download(given, root),
        }
        played[step["uses"].partition("@")[0]]()

    def _restore(self, given: dict[str, str]) -> None:
        """Nothing is ever there: each job is the first. The key to fall back to must be the beginning of the key."""
        assert given["key"].startswith(given["restore-keys"])
        self.keys.append(given["key"])

    def _upload(self, given: dict[str, str], root: Path) -> None:
        """Files that are missing are a warning; those that are there come without the folders they share."""
        target = self.artifacts / given["name"]
        assert not target.exists(), "an artifact's name is taken once"
        paths = [root / line for line in given["path"].split()]
        shared = Path(os.path.commonpath(paths))
        for path in filter(Path.is_file, paths):
            target.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, target / path.relative_to(shared))

    def _download(self, given: dict[str, str], root: Path) -> None:
        for artifact in self.artifacts.glob(given["pattern"]):
            shutil.copytree(artifact, root / given["path"] / artifact.name)

    def _text(self, text: Any, contexts: dict[str, Any], root: Path) -> Any:
        """A text that is one expression has its value, of whatever kind."""
        if whole := re.fullmatch(r"\$\{\{([^}]*)\}\}", str(text)):
            return value(whole[1], contexts, root)
        return re.sub(r"\$\{\{([^}]*)\}\}", lambda found: str(value(found[1], contexts, root)), str(text))


def _lines(file: Path) -> dict[str, str]:
    return dict(line.split("=", 1) for line in file.read_text(encoding="utf-8").splitlines())
