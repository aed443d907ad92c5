"""What pip answers, by its words as pip 26.3 said them; the real pip runs in tests/integration."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tsgen.errors import LibTorchError, ToolMissingError, TsgenError, UnsafeError
from tsgen.libtorch.wheels import pip
from tsgen.libtorch.wheels.pip.command import Progress
from tsgen.libtorch.wheels.pip.query import Query
from tsgen.libtorch.wheels.pip.refusals import refusal
from tsgen.system import process
from tsgen.system.disk import DiskError

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.unit.conftest import Recorder

TAG = "manylinux_2_28_x86_64"
QUERY = Query(requirements=("torch===2.13.0",), platforms=(TAG, "linux_x86_64"), python="3.12")
OWN = Query(
    requirements=("torch==2.13.0+cpu",), platforms=(TAG,), python="3.12", index="https://download.pytorch.org/whl"
)
NONE_FOUND = """\
WARNING: pip is using lazily downloaded wheels using HTTP range requests to obtain dependency information.
ERROR: Could not find a version that satisfies the requirement torch===2.13.0 (from versions: 2.7.0, 2.7.1, 2.8.0)
ERROR: No matching distribution found for torch===2.13.0
"""
CONSTRAINED = """\

The conflict is caused by:
    The user requested torch===2.13.0
    The user requested (constraint) torch<=2.12.1

Additionally, some packages in these conflicts have no matching distributions available for your environment:
    torch
"""
IMPOSSIBLE = """\
ERROR: Cannot install torch===2.13.0 because these package versions have conflicting dependencies.
ERROR: ResolutionImpossible: for help visit https://pip.pypa.io/en/latest/topics/dependency-resolution/
"""
SKIPPED = (
    "  Skipping link: none of the wheel's tags ({tags}) are compatible (run pip debug --verbose to show compatible "
    "tags): file:///wheels/torch-{version}-{tags}.whl{rest}\n"
)
UNRESOLVED = (
    "Could not fetch URL https://pypi.example/torch/: connection error: HTTPSConnectionPool(host='pypi.example', "
    'port=443): Max retries exceeded with url: /simple/torch/ (Caused by NameResolutionError("HTTPSConnection('
    "host='pypi.example', port=443): Failed to resolve 'pypi.example' ([Errno -2] Name or service not known)\"))"
    " - skipping\n"
)
MISMATCH = """\
ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE. If you have updated the package versions, \
please update the hashes. Otherwise, examine the package contents carefully; someone may have tampered with them.
    torch==2.13.0 from https://pypi.example/torch-2.13.0-cp311-cp311-manylinux_2_28_x86_64.whl (from -r r.txt (line 1)):
        Expected sha256 aaaa
             Got        bbbb
"""


def skipped(version: str, tags: str, rest: str = "") -> str:
    return SKIPPED.format(version=version.replace("+", "%2B"), tags=tags, rest=rest)


def refused(stdout: str = "", stderr: str = "", query: Query = QUERY) -> TsgenError:
    return refusal(stdout, stderr, query)


def test_a_version_that_is_not_there_is_said_with_those_that_are() -> None:
    error = refused(stderr=NONE_FOUND)
    assert isinstance(error, pip.NoSuchWheelError)
    assert error.message == f"the index that pip asks has no wheel of torch===2.13.0 for {TAG}"
    assert error.hint == "it has 2.7.0, 2.7.1, 2.8.0"


def test_an_index_without_any_version_has_none_to_name() -> None:
    assert refused(stderr=NONE_FOUND.replace("2.7.0, 2.7.1, 2.8.0", "none")).hint == ""


def test_the_pythons_that_have_it_are_named_newest_first() -> None:
    stdout = (
        skipped("2.13.0", f"cp39-cp39-{TAG}", "#sha256=00")
        + skipped("2.13.0", f"cp311-cp311-{TAG}", " (from x) (requires-python:>=3.10)")
        + skipped("2.13.0", f"cp314-cp314t-{TAG}")
        + skipped("2.13.0", "cp313-cp313-win_amd64")
        + skipped("2.12.0", f"cp310-cp310-{TAG}")
        + skipped("2.13.0+cpu", f"cp38-cp38-{TAG}")
    )
    error = refused(stdout, NONE_FOUND)
    assert isinstance(error, pip.NoSuchWheelError)
    assert error.pythons == ("3.11", "3.9")


def test_a_local_version_is_found_among_the_links_too() -> None:
    error = refused(skipped("2.13.0+cpu", f"cp311-cp311-{TAG}"), NONE_FOUND, OWN)
    assert isinstance(error, pip.NoSuchWheelError)
    assert error.pythons == ("3.11",)


def test_a_constraint_that_rules_it_out_is_named_with_the_way_round_it() -> None:
    error = refused(CONSTRAINED, IMPOSSIBLE)
    assert type(error) is pip.PipError
    assert error.message == "pip's own configuration forbids torch===2.13.0: a constraint says torch<=2.12.1"
    assert "PIP_CONSTRAINT" in error.hint


def test_a_constraint_that_allows_it_is_not_blamed() -> None:
    """It names every constraint on the package when it finds no wheel."""
    assert isinstance(refused(CONSTRAINED.replace("<=2.12.1", "<=2.14.1"), IMPOSSIBLE), pip.NoSuchWheelError)


def test_a_constraint_that_is_no_requirement_is_not_blamed() -> None:
    assert isinstance(refused(CONSTRAINED.replace("torch<=2.12.1", "./a b"), IMPOSSIBLE), pip.NoSuchWheelError)


def test_an_index_that_cannot_be_reached_is_named_with_the_systems_reason() -> None:
    error = refused(UNRESOLVED, NONE_FOUND)
    assert isinstance(error, pip.UnreachableError)
    assert error.message == "pip cannot ask for torch===2.13.0: pypi.example: Failed to resolve 'pypi.example'"
    assert "--offline" in error.hint


def test_the_hint_for_pytorchs_own_index_is_another() -> None:
    error = refused(UNRESOLVED, NONE_FOUND, OWN)
    assert "own index only" in error.hint


def test_what_pip_says_without_details_will_do() -> None:
    said = (
        "WARNING: Retrying (Retry(total=0)) after connection broken by 'X(\"[Errno 111] Connection refused\")': /a/\n"
    )
    error = refused(stderr=said + NONE_FOUND)
    assert isinstance(error, pip.UnreachableError)
    assert error.message.endswith("the index: [Errno 111] Connection refused")


def test_a_package_that_another_index_lacks_is_no_matter_of_the_network() -> None:
    """Besides the main one: each index that is searched answers 404 for what it has not."""
    missing = "Could not fetch URL https://extra.example/torch/: 404 Client Error: Not Found for url - skipping\n"
    error = refused(missing, NONE_FOUND)
    assert isinstance(error, pip.NoSuchWheelError)
    assert "404" in error.details


def test_another_file_under_the_name_is_refused_for_safety() -> None:
    error = refused(stderr=MISMATCH)
    assert isinstance(error, UnsafeError)
    assert "expected sha256 aaaa, got bbbb" in error.message


def test_a_full_disk_is_the_disks_fault() -> None:
    said = "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device\n"
    assert isinstance(refused(stderr=said), DiskError)


def test_a_python_without_pip_is_a_missing_tool() -> None:
    error = refused(stderr="/usr/bin/python3: No module named pip\n")
    assert isinstance(error, ToolMissingError)
    assert "ensurepip" in error.hint


def test_whatever_else_pip_says_is_shown() -> None:
    error = refused(stderr="\n".join(map(str, range(20))))
    assert type(error) is pip.PipError
    assert error.details.splitlines()[0] == "14"
    assert isinstance(error, LibTorchError)


INSTALL: dict[str, Any] = {
    "download_info": {
        "url": "https://files.example/packages/9/torch-2.13.0%2Bcpu-cp311-cp311-manylinux_2_28_x86_64.whl",
        "archive_info": {"hashes": {"sha256": "aaaa"}},
    },
    "metadata": {"name": "Torch", "version": "2.13.0+cpu", "requires_dist": ["filelock"]},
}


class Pip:
    """Answers as told, and remembers what it was asked."""

    def __init__(self, install: dict[str, Any], *, knows: str = "fast-deps") -> None:
        self.install = install
        self.knows = knows
        self.commands: list[list[str]] = []
        self.envs: list[dict[str, str]] = []

    def __call__(self, command: list[str], *, env: dict[str, str], **_: object) -> process.Finished:
        self.commands.append(command)
        self.envs.append(env)
        if "--use-feature" in command and command[command.index("--use-feature") + 1] != self.knows:
            return process.Finished(status=2, stdout="", stderr="option --use-feature: invalid choice: 'fast-deps'")
        answer = Path(command[command.index("--report") + 1])
        answer.write_text(json.dumps({"install": [self.install]}), encoding="utf-8")
        return process.Finished(status=0, stdout="", stderr="")


@pytest.fixture
def says(monkeypatch: pytest.MonkeyPatch) -> Callable[[Pip], Pip]:
    def install(answering: Pip) -> Pip:
        monkeypatch.setattr(process, "run", answering)
        return answering

    return install


def test_a_report_tells_file_hash_and_requirements(says: Callable[[Pip], Pip]) -> None:
    says(Pip(INSTALL))
    (found,) = pip.report(["torch==2.13.0+cpu"], [TAG], "3.11")
    assert found.file == "torch-2.13.0+cpu-cp311-cp311-manylinux_2_28_x86_64.whl"
    assert (found.name, found.version, found.sha256, found.requires) == ("torch", "2.13.0+cpu", "aaaa", ("filelock",))
    assert found.requirement == "torch==2.13.0+cpu"


def test_an_index_may_not_tell_the_hash(says: Callable[[Pip], Pip]) -> None:
    bare = {
        **INSTALL,
        "download_info": {"url": INSTALL["download_info"]["url"]},
        "metadata": {"name": "a", "version": "1"},
    }
    says(Pip(bare))
    (found,) = pip.report(["a==1"], [TAG], "3.11")
    assert (found.sha256, found.requires) == (None, ())


def test_pip_is_asked_for_another_machine_and_never_to_build(says: Callable[[Pip], Pip]) -> None:
    asked = says(Pip(INSTALL))
    pip.report(["torch==2.13.0"], [TAG, "linux_x86_64"], "3.11")
    command = " ".join(map(str, asked.commands[0]))
    assert "--only-binary :all:" in command
    assert "--no-deps" in command
    assert "--dry-run" in command
    assert f"--platform {TAG} --platform linux_x86_64" in command
    assert "--python-version 3.11" in command
    assert "--index-url" not in command
    assert asked.envs[0]["PYTHONSAFEPATH"] == "1"


def test_another_index_is_not_waited_for_as_long(says: Callable[[Pip], Pip]) -> None:
    asked = says(Pip(INSTALL))
    pip.report(["torch==2.13.0"], [TAG], "3.11", "https://other.example/simple")
    command = " ".join(map(str, asked.commands[0]))
    assert "--index-url https://other.example/simple --retries 1 --timeout 10" in command


def test_a_pip_without_the_shortcut_is_asked_again_without_it(says: Callable[[Pip], Pip]) -> None:
    asked = says(Pip(INSTALL, knows="something-newer"))
    pip.report(["torch==2.13.0"], [TAG], "3.11")
    assert ["--use-feature" in command for command in asked.commands] == [True, False]


def test_progress_is_read_from_raw_lines(recorder: Recorder) -> None:
    progress = Progress("torch==2.13.0")
    progress("Collecting torch==2.13.0")
    progress("Progress 50000000 of 200000000")
    assert recorder.all("progress") == ["━━━───────── torch 2.13.0 50 of 200 MB"]


def test_progress_of_unknown_length_is_what_came(recorder: Recorder) -> None:
    Progress("torch===2.13.0")("Progress 50000000 of 0")
    assert recorder.all("progress") == ["torch 2.13.0 50 MB"]
