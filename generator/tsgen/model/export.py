"""Run the worker in the model's interpreter and take over what it made."""

from __future__ import annotations

import os.path
import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tsgen import console, operators
from tsgen.errors import ConfigError, ExportError, ToolMissingError, TsgenError, UnsafeError
from tsgen.model import crash, manifest, preprocess
from tsgen.model.inputs import parse_inputs
from tsgen.model.spec import ModelSpec, located, parse_args, parse_model
from tsgen.system import codec, files, process, stat_cache
from tsgen.worker.messages import FORMAT, ExportAnswer, ExportRequest, Failure, weights_file

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tsgen.config import Config
    from tsgen.toolchain.interpreter import Interpreter
    from tsgen.types import Artifact
    from tsgen.worker.messages import FailureKind
    from tsgen.worker.messages.bisection import BisectRequest
    from tsgen.worker.messages.floors import FloorsRequest
    from tsgen.worker.messages.inspection import InspectRequest

    Asked = ExportRequest | InspectRequest | BisectRequest | FloorsRequest

WORKER = Path(__file__).resolve().parent.parent / "worker"

_WEIGHTS = frozenset({"none", "DEFAULT"})

_ENVIRONMENT: Mapping[str, str] = {
    "PYTHONUTF8": "1",
    "PYTHONFAULTHANDLER": "1",
    # torch.jit.script writes a class's `__constants__` in the order of a set: with another hash of str, other bytes.
    "PYTHONHASHSEED": "0",
}

# The worker says what went wrong; here it gets its exit code.
_KINDS: Mapping[FailureKind, type[TsgenError]] = {
    "unknown_model": ConfigError,
    "input_needed": ConfigError,
    "bad_input": ConfigError,
    "no_torch": ToolMissingError,
    "bad_file": ExportError,
    "bad_weights": ExportError,
    "model_raised": ExportError,
    "unfaithful": ExportError,
    "unsupported": ExportError,
    "write_failed": ExportError,
    "unsafe": UnsafeError,
    "internal": TsgenError,
}


def request_of(config: Config, root: Path, *, alone: bool = False) -> ExportRequest:
    """The request that `config` makes; its paths are taken from the project's folder. Raises ConfigError.

    `alone`: `root` is no project, whose program would be linked with the operators that a file in it calls.
    """
    spec = located(parse_model(config.model, root), root)
    named = config.weights in _WEIGHTS
    weights = config.weights if named else os.path.normpath(root / config.weights)
    return ExportRequest(
        source=_source(spec.kind, spec.target, spec.attribute),
        label=config.model,
        output=Path(),
        model_args=parse_args(config.model_args),
        weights=weights,
        seed=config.seed,
        inputs=parse_inputs(config.inputs),
        method=config.method,
        tune=config.tune,
        reinit_weights=config.reinit_weights,
        unsafe_pickle=config.unsafe_pickle,
        preprocess=preprocess.located(config.preprocess, root),
        op_libraries=(
            *(os.path.normpath(root / name) for name in config.op_libraries),
            *map(str, _of_the_files_project(spec, None if alone else root)),
        ),
        tolerance=dict(config.tolerance),
        runtime=config.runtime,
        packaged=config.packaged,
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
    """Write the model's files, cases and manifest.json to the empty `folder`; return it and what it was made of.

    `search_path` is where `package.module:factory` is looked for besides the installed packages. `libtorch` is the one
    that operator libraries must load beside; the interpreter's own if not given. `linked` are operator libraries that
    are part of the program.
    Raises ExportError (ConfigError, ToolMissingError) with the worker's own sentence.
    """
    if request.weights not in _WEIGHTS and not Path(weights_file(request.weights)[0]).is_file():
        raise ConfigError(
            f"--weights: there is no file {weights_file(request.weights)[0]}",
            hint="none, DEFAULT, a file of weights, or FILE#KEY for one of several in it",
        )
    if not interpreter.torch:
        raise ToolMissingError(
            f"{interpreter.executable} has no torch, so it cannot load the model",
            hint="name the Python that has it with --python, or `pip install torch`",
        )
    whole = replace(
        request,
        output=folder,
        linked_libraries=tuple(str(path) for path in linked),
        search_path=tuple(str(path) for path in search_path),
    )
    answer = manifest.value_of(ExportAnswer, _asked(whole, interpreter))
    for tried in answer.candidates:
        console.detail(f"{tried.method}: {tried.reason or 'faithful'}")
    operators.make_portable(folder, libtorch or interpreter.torch)
    hashes = manifest.hashes(folder)
    artifact = manifest.artifact_of(answer, folder, model=request.label, sha256=hashes[manifest.known_by(answer)])
    manifest.write(artifact, folder, hashes)
    return artifact, [Path(name) for name in answer.files]


def install(folder: Path, target: Path, fresh: Artifact) -> Artifact:
    """Move a fresh export into the project's model/: first the files, then the manifest that vouches for them."""
    for name in manifest.obsolete_files(target, folder):
        (target / name).unlink(missing_ok=True)
    (target / manifest.MANIFEST).unlink(missing_ok=True)
    vouching = folder / manifest.MANIFEST
    text = vouching.read_text(encoding="utf-8")
    vouching.unlink()
    files.move_into(folder, target)
    files.write_text(target / manifest.MANIFEST, text)
    for name, sha256 in manifest.vouched(target).items():
        stat_cache.tell_sha256(target / name, sha256)
    _drop_empty_folders(target / manifest.CASES)
    shipped = target / manifest.OPERATORS
    if shipped.is_dir() and not any(shipped.iterdir()):
        shipped.rmdir()
    return replace(manifest.read(target), cases=fresh.cases)


def _asked(request: ExportRequest, interpreter: Interpreter) -> dict[str, Any]:
    """The worker's answer; where a way to export ended its Python, without that way, as often as one does."""
    answer = _run("export", request, request.output, interpreter)
    if not isinstance(answer, process.Finished):
        return answer
    ended = crash.way(answer)
    if not ended or ended in request.without:
        raise _died(answer)
    console.detail(f"{ended}: it {crash.told(answer, _crashed_in(answer.stderr))}; the next is tried")
    files.clear(request.output)
    told = {**request.without, ended: crash.told(answer, _crashed_in(answer.stderr))}
    return _asked(replace(request, without=told), interpreter)


def ask(action: str, request: Asked, output: Path, interpreter: Interpreter) -> dict[str, Any]:
    """What the worker answers, which works beside `output`. Raises the error that it answers with."""
    answer = _run(action, request, output, interpreter)
    if isinstance(answer, process.Finished):
        raise _died(answer)
    return answer


def _run(action: str, request: Asked, output: Path, interpreter: Interpreter) -> dict[str, Any] | process.Finished:
    """The answer, or how the worker ended without one. Raises as `ask` does."""
    message = {"format": FORMAT, "action": action, **codec.plain(request)}
    with files.staging(output) as folder:
        asked, answered = folder / "request.json", folder / "response.json"
        asked.write_text(codec.text_of(message, indent=None), encoding="utf-8")
        finished = process.run(
            [interpreter.executable, WORKER, asked, answered],
            on_line=console.progress,
            env=_ENVIRONMENT,
            check=False,
            tied=True,
        )
        try:
            answer = codec.read(answered, dict[str, Any])
        except (OSError, codec.FormError):
            return finished
    if not answer.pop("ok"):
        raise _refused(answer["error"])
    return answer


def _refused(error: dict[str, Any]) -> TsgenError:
    try:
        failure = codec.value_of(Failure, error)
    except codec.FormError:
        return TsgenError(
            f"the worker answers with a failure of the unknown kind {error.get('kind')!r}: {error.get('message')}",
            hint="the two halves of tsgen are of different versions: install it again",
        )
    return _KINDS[failure.kind](failure.message, hint=failure.hint, details=failure.traceback)


_KILLED = -9
"""By SIGKILL, as the system does when memory runs out; Windows has no such name."""


def _died(finished: process.Finished) -> ExportError:
    """The interpreter itself ended: killed for its memory, a crash in a library, os._exit in the model."""
    killed = (
        f"was killed by signal {-finished.status}" if finished.status < 0 else f"ended with status {finished.status}"
    )
    memory = " (often: not enough memory)" if finished.status == _KILLED else ""
    steps = finished.stdout.split("\n")[:-1]
    step = f" in its step `{steps[-1].strip()}`" if steps else ""
    return ExportError(
        f"the Python that loads the model {killed}{memory}{_crashed_in(finished.stderr)}{step} before it could answer",
        hint=_after_death(finished),
        details="\n".join(_last_lines(finished.stderr)),
    )


def _after_death(finished: process.Finished) -> str:
    shown = "; what it printed last is shown above" if finished.stderr.strip() else ""
    if finished.status == _KILLED:
        return f"close what else needs memory, or export a smaller model or smaller --input{shown}"
    if finished.status < 0:
        return f"a library crashed: do the same step in that Python without tsgen, or with another version of it{shown}"
    return f"the model's code, or a library that it imports, ended the process itself: look there for `os._exit`{shown}"


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


def _of_the_files_project(spec: ModelSpec, home: Path | None) -> list[Path]:
    """The library of operators of the project that a TorchScript file comes from, if that is another than `home`."""
    root = operators.owner(spec.path) if spec.kind == "torchscript" and spec.path else None
    return operators.built(root) if root and root != home else []


def _source(kind: str, target: str, attribute: str) -> dict[str, str]:
    keys = {"module": "module", "file": "path", "torchscript": "path", "hf_folder": "path"}
    key = keys.get(kind, "name")
    return {"kind": kind, key: target, **({"attribute": attribute} if attribute else {})}


def _drop_empty_folders(folder: Path) -> None:
    for path in folder.iterdir():
        if path.is_dir() and not any(path.iterdir()):
            path.rmdir()
