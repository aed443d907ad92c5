"""Run the worker in the model's interpreter and take over what it made."""

from __future__ import annotations

import json
import os.path
import re
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tsgen import console, files, ops, process
from tsgen.errors import ConfigError, ExportError, ToolMissingError, TsgenError, UnsafeError
from tsgen.model import manifest, preprocess
from tsgen.model.input_words import parse_inputs
from tsgen.model.spec import located, parse_args, parse_model

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tsgen.config import Config
    from tsgen.interpreter import Interpreter
    from tsgen.types import Artifact

WORKER = Path(__file__).resolve().parent.parent / "worker"

_WEIGHTS = frozenset({"none", "DEFAULT"})

# The worker says what went wrong; here it gets its exit code. Everything else is a failed export.
_KINDS: Mapping[str, type[TsgenError]] = {
    "unknown_model": ConfigError,
    "input_needed": ConfigError,
    "bad_input": ConfigError,
    "no_torch": ToolMissingError,
    "unsafe": UnsafeError,
    "internal": TsgenError,
}


@dataclass(frozen=True, kw_only=True)
class ExportRequest:
    """Everything that decides what is exported, in JSON's types: what the worker gets."""

    source: dict[str, str]
    label: str
    model_args: dict[str, Any]
    weights: str
    seed: int
    inputs: list[dict[str, Any]]
    method: str
    livened: bool
    unsafe_pickle: bool
    preprocess: str
    op_libraries: list[str]
    tolerance: dict[str, dict[str, float]]


def request_of(config: Config, root: Path) -> ExportRequest:
    """The request that `config` makes; its paths are taken from the project's folder. Raises ConfigError."""
    spec = located(parse_model(config.model), root)
    named = config.weights in _WEIGHTS
    weights = config.weights if named else os.path.normpath(root / config.weights)
    return ExportRequest(
        source=_source(spec.kind, spec.target, spec.attribute),
        label=config.model,
        model_args=parse_args(config.model_args),
        weights=weights,
        seed=config.seed,
        inputs=parse_inputs(config.inputs),
        method=config.method,
        livened=config.livened,
        unsafe_pickle=config.unsafe_pickle,
        preprocess=preprocess.located(config.preprocess, root),
        op_libraries=[os.path.normpath(root / name) for name in config.op_libraries],
        tolerance={dtype: asdict(tolerance) for dtype, tolerance in config.tolerance.items()},
    )


def export(
    request: ExportRequest,
    interpreter: Interpreter,
    folder: Path,
    search_path: list[Path],
    *,
    libtorch: Path | None = None,
    linked: Sequence[Path] = (),
) -> tuple[Artifact, list[Path]]:
    """Write model.pt, cases and manifest.json to the empty `folder`; return the artifact and the files it was made of.

    `search_path` is where `package.module:factory` is looked for besides the installed packages. `libtorch` is the one
    that operator libraries must load beside; the interpreter's own if not given. `linked` are operator libraries that
    are part of the program.
    Raises ExportError (ConfigError, ToolMissingError) with the worker's own sentence.
    """
    if request.weights not in _WEIGHTS and not Path(request.weights).is_file():
        raise ConfigError(f"--weights: there is no file {request.weights}", hint="none, DEFAULT, or a file of weights")
    if not interpreter.torch:
        raise ToolMissingError(
            f"{interpreter.executable} has no torch, so it cannot load the model",
            hint="name the Python that has it with --python, or `pip install torch`",
        )
    message = {
        "format": 1,
        **asdict(request),
        "linked_libraries": [str(path) for path in linked],
        "search_path": [str(path) for path in search_path],
        "output": str(folder),
    }
    response = ask(message, interpreter)
    for tried in response.get("candidates", ()):
        console.detail(f"{tried['method']}: {tried['reason'] or 'faithful'}")
    ops.make_portable(folder, libtorch or interpreter.torch)
    artifact = manifest.artifact_of(response, folder, model=request.label, sha256=files.sha256(folder / manifest.MODEL))
    manifest.write(artifact, folder)
    return artifact, [Path(name) for name in response["files"]]


def install(folder: Path, target: Path) -> Artifact:
    """Move a fresh export into the project's model/: first the files, then the manifest that vouches for them."""
    for name in manifest.obsolete_files(target, folder):
        (target / name).unlink(missing_ok=True)
    (target / manifest.MANIFEST).unlink(missing_ok=True)
    vouching = folder / manifest.MANIFEST
    text = vouching.read_text(encoding="utf-8")
    vouching.unlink()
    files.move_into(folder, target)
    files.write_text(target / manifest.MANIFEST, text)
    _drop_empty_folders(target / manifest.CASES)
    if (operators := target / manifest.OPERATORS).is_dir() and not any(operators.iterdir()):
        operators.rmdir()
    return manifest.read(target)


def ask(message: dict[str, Any], interpreter: Interpreter) -> dict[str, Any]:
    with files.staging(Path(message["output"])) as folder:
        request, response = folder / "request.json", folder / "response.json"
        request.write_text(json.dumps(message), encoding="utf-8")
        finished = process.run(
            [interpreter.executable, WORKER, request, response],
            on_line=console.progress,
            env={"PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1", "PYTHONFAULTHANDLER": "1"},
            check=False,
        )
        try:
            answer: dict[str, Any] = json.loads(response.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            raise _died(finished) from None
    if not answer["ok"]:
        raise _refused(answer["error"])
    return answer


def _refused(error: Mapping[str, str]) -> TsgenError:
    kind = _KINDS.get(error["kind"], ExportError)
    return kind(error["message"], hint=error["hint"], details=error.get("traceback", ""))


def _died(finished: process.Finished) -> ExportError:
    """The interpreter itself ended: killed for its memory, a crash in a library, os._exit in the model."""
    killed = (
        f"was killed by signal {-finished.status}" if finished.status < 0 else f"ended with status {finished.status}"
    )
    memory = " (often: not enough memory)" if finished.status == -9 else ""  # noqa: PLR2004 - SIGKILL
    shown = "; what it printed last is shown above" if finished.stderr.strip() else ""
    return ExportError(
        f"the Python that loads the model {killed}{memory}{_crashed_in(finished.stderr)} before it could answer",
        hint=f"run the model's own code in that Python first{shown}",
        details="\n".join(_last_lines(finished.stderr)),
    )


_FRAME = re.compile(r"File \"([^\"]+)\", line (\d+) in (\S+)")
"""Of the stack that Python's faulthandler prints, the innermost first."""
_NOT_THE_MODELS = (str(WORKER), "<frozen ", "/site-packages/", "/dist-packages/", "/lib/python")


def _crashed_in(stderr: str) -> str:
    frames = [found.groups() for found in map(_FRAME.search, stderr.splitlines()) if found]
    own = [frame for frame in frames if not any(part in frame[0] for part in _NOT_THE_MODELS)]
    return f" in {own[0][2]} ({Path(own[0][0]).name}:{own[0][1]})" if own else ""


def _last_lines(stderr: str) -> list[str]:
    """Without the frames of torch and of the worker, and the list of modules below them."""
    lines = [line for line in stderr.splitlines() if line.strip() and not line.startswith("Extension modules: ")]
    return [line for line in lines if not (_FRAME.search(line) and any(part in line for part in _NOT_THE_MODELS))][-10:]


def _source(kind: str, target: str, attribute: str) -> dict[str, str]:
    keys = {"module": "module", "file": "path", "torchscript": "path", "hf_folder": "path"}
    key = keys.get(kind, "name")
    return {"kind": kind, key: target, **({"attribute": attribute} if attribute else {})}


def _drop_empty_folders(folder: Path) -> None:
    for path in folder.iterdir():
        if path.is_dir() and not any(path.iterdir()):
            path.rmdir()
