"""The compiled runner as tsgen uses it: its command line and the JSON it answers with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, get_args

from tsgen.errors import ParityError, ToolMissingError
from tsgen.runtimes import RUNTIMES
from tsgen.system import codec, process

if TYPE_CHECKING:
    from pathlib import Path

    from tsgen.types import Artifact, Build, Device

_PASSED_STATUS = 0
CudaState: TypeAlias = Literal["ready", "absent", "unusable"]
"""`absent`: no driver or no GPU, and nothing else is wrong."""


@dataclass(frozen=True, kw_only=True)
class Cuda:
    """What the program says of CUDA on this machine."""

    state: CudaState
    problem: str


def replay(build: Build, artifact: Artifact, folder: Path, device: Device = "cpu") -> dict[str, Any]:
    """Let the program replay the cases, one thread, and write its outputs to `folder`; what it answered.

    Raises ParityError when it refuses, or gives no answer that could be judged.
    """
    on = [] if device == "cpu" else ["--device", device]
    answer, finished = _ask(
        build, artifact, "--verify", "--threads", "1", *on, *_cases(build, artifact), "--output", str(folder)
    )
    try:
        names = {case["name"] for case in answer["cases"]}
        answer["passed"] = answer["passed"] and finished.status == _PASSED_STATUS
    except (KeyError, TypeError):
        raise _unexpected("--verify", finished) from None
    if not names or names != {case.name for case in artifact.cases}:
        raise ParityError(
            "the program did not replay every case", hint="`tsgen build` writes model/cases/index.tsv anew"
        )
    return answer


def cuda(build: Build, artifact: Artifact) -> Cuda:
    """Whether the program could use CUDA here, which needs no run of the model. Raises ParityError as `replay` does."""
    answer, finished = _ask(build, artifact, "--info")
    try:
        status = Cuda(state=answer["cuda"]["state"], problem=answer["cuda"]["problem"])
    except (KeyError, TypeError):
        raise _unexpected("--info", finished) from None
    if status.state not in get_args(CudaState) or finished.status != _PASSED_STATUS:
        raise _unexpected("--info", finished)
    return status


def _cases(build: Build, artifact: Artifact) -> list[str]:
    """Where they are, unless they lie beside what the program loads."""
    beside = RUNTIMES[artifact.runtime].loaded(build, artifact) == artifact.path
    return [] if beside else ["--cases", str(artifact.path.parent / "cases")]


def _ask(build: Build, artifact: Artifact, command: str, *options: str) -> tuple[dict[str, Any], process.Finished]:
    finished = _run(build, artifact, command, *options)
    try:
        answer: dict[str, Any] = codec.parsed(finished.stdout)
        if error := answer.get("error"):
            raise ParityError(f"the program refused: {error['message']}", hint=error["hint"])
    except (ValueError, KeyError, TypeError, AttributeError):
        raise _unexpected(command, finished) from None
    return answer, finished


def _run(build: Build, artifact: Artifact, *options: str) -> process.Finished:
    return start(build, artifact, *options, "--json")


def start(build: Build, artifact: Artifact, *options: str) -> process.Finished:
    """Run the program on the model, as it is or by its emulator, to its end, whatever its status.

    Raises ParityError when it cannot be started.
    """
    loaded = RUNTIMES[artifact.runtime].loaded(build, artifact)
    try:
        return process.run([*build.emulator, build.runner, loaded, *options], check=False)
    except ToolMissingError as error:
        hint = f"delete {build.runner.parent} and run `tsgen build`"
        raise ParityError(f"the built program cannot be started: {error.message}", hint=hint) from error


def _unexpected(command: str, finished: process.Finished) -> ParityError:
    return ParityError(
        f"the program did not answer `{command} --json` as expected; it ended with status {finished.status}",
        hint="third_party/tsgen must be as tsgen wrote it: `tsgen update` puts it back",
        details="\n".join(finished.stderr.splitlines()[-5:]),
    )
