"""The tutorial's commands, run in the order of the page, give what the page shows."""

from __future__ import annotations

import os
import re
import shlex
import sys
from dataclasses import dataclass
from pathlib import Path

from .conftest import REPOSITORY, run

TUTORIAL = REPOSITORY / "docs/tutorial/first-project.md"
BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)

# What differs from one machine or run to another; everything else must be as it is shown.
VOLATILE = (
    (r"\b(cpu|cuda|cu\d+|rocm[\d.]+)\b", "ACCELERATOR"),
    (r"\b(g|clang)\+\+ [\d.]+", "COMPILER"),
    (r"(?<![\w.-])-?\d+(\.\d+)*(e[+-]?\d+)?(?![\w-])", "NUMBER"),
    (r"\s+", " "),
)


@dataclass(frozen=True)
class Step:
    command: str
    shown: list[str]


def steps() -> list[Step]:
    found: list[Step] = []
    for line in "".join(BLOCK.findall(TUTORIAL.read_text(encoding="utf-8"))).splitlines():
        if line.startswith("$ "):
            found.append(Step(line[2:], []))
        else:
            found[-1].shown.append(line)
    return found


def settled(line: str) -> str:
    for pattern, word in VOLATILE:
        line = re.sub(pattern, word, line)
    return line.strip()


class Shell:
    """One command after the other, in the environment that the page has the reader activate; `cd` lasts."""

    def __init__(self, python: Path, folder: Path) -> None:
        self._folder = folder
        self._where = folder / "where it is now"
        bins = [str(Path(sys.executable).parent), str(python.parent)]
        self._environment = {
            "PATH": os.pathsep.join([*bins, os.environ["PATH"]]),
            "VIRTUAL_ENV": str(python.parents[1]),
        }

    def run(self, command: str) -> list[str]:
        """The lines it printed on stdout."""
        script = f"{command}\npwd >{shlex.quote(str(self._where))}"
        ended = run("bash", "-e", "-c", script, cwd=self._folder, env=self._environment)
        assert ended.status == 0, f"$ {command}\n{ended.stdout}{ended.stderr}"
        self._folder = Path(self._where.read_text(encoding="utf-8").removesuffix("\n"))
        return ended.stdout.splitlines()


def test_the_tutorial_does_what_it_shows(model_python: Path, tmp_path: Path) -> None:
    shell = Shell(model_python, tmp_path)
    for step in steps():
        came = shell.run(step.command)
        missing = {settled(line) for line in step.shown} - {settled(line) for line in came}
        assert not missing, f"$ {step.command}\n" + "\n".join(came)


def test_the_tutorial_has_steps_that_show_something() -> None:
    """The test above would pass if it read none."""
    assert len([step for step in steps() if step.shown]) > 5
