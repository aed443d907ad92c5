"""The worker, asked as tsgen asks it."""

from __future__ import annotations

import json
import re
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

HERE = Path(__file__).parent
REPOSITORY = HERE.parents[2]
WORKER = REPOSITORY / "generator" / "tsgen" / "worker"
_FLOATS = {"float16": 1e-2, "bfloat16": 1e-2, "float32": 1e-4, "float64": 1e-8, "complex64": 1e-4, "complex128": 1e-8}
TOLERANCE = {name: {"rtol": bound, "atol": bound / 10} for name, bound in _FLOATS.items()}


def source(spec: str) -> dict[str, str]:
    path, colon, attribute = spec.rpartition(":")
    if spec.endswith((".pt", ".onnx")):
        return {"kind": "torchscript", "path": str(HERE / "models" / spec)}
    if not colon:
        return {"kind": "torchvision", "name": spec}
    if path.endswith(".py"):
        return {"kind": "file", "path": str(HERE / "models" / path), "attribute": attribute}
    return {"kind": "module", "module": path, "attribute": attribute}


def wanted_input(text: str) -> dict[str, Any]:
    name, _, rest = text.rpartition("=")
    shape, _, dtype = rest.partition(":")
    dims = [part.partition("@") for part in re.findall(r"[^x]+", shape)]  # `3`, `N`, or `N@5`: with an example size
    return {
        "name": name or None,
        "dtype": dtype or None,
        "shape": [int(dim) if dim.isdigit() else dim for dim, _, _ in dims],
        "sizes": {dim: int(size) for dim, _, size in dims if size},
    }


def request_of(spec: str, output: Path, inputs: tuple[str, ...] = ()) -> dict[str, Any]:
    return {
        "format": 2,
        "source": source(spec),
        "label": spec,
        "model_args": {},
        "weights": "none",
        "seed": 0,
        "inputs": [wanted_input(text) for text in inputs],
        "method": "auto",
        "tolerance": TOLERANCE,
        "search_path": [str(HERE / "models")],
        "output": str(output),
    }


@dataclass(frozen=True)
class Answer:
    status: int
    response: dict[str, Any]
    folder: Path
    stdout: str
    stderr: str

    @property
    def error(self) -> dict[str, str]:
        assert not self.response["ok"], self.response
        assert self.status == 1
        error: dict[str, str] = self.response["error"]
        assert error["kind"] != "internal", error["traceback"]
        assert "\n" not in error["message"]
        assert error["hint"]
        return error

    @property
    def ok(self) -> dict[str, Any]:
        assert self.response["ok"], self.response
        assert self.status == 0
        return self.response

    def outputs(self, leaf: str = "output") -> list[str]:
        return [self.shape("outputs", leaf)]

    def shape(self, side: str, name: str) -> str:
        found = {leaf["name"]: leaf for leaf in self.ok["signature"][side]}[name]
        if found["kind"] != "tensor":
            return f"{found['kind']} {found['value']}" if "value" in found else str(found["kind"])
        dims = "?" if found["shape"] is None else ",".join(map(str, found["shape"]))
        return f"{found['dtype']}[{dims}]" + ("?" if found.get("optional") else "")


@dataclass
class Server:
    process: subprocess.Popen[str]
    folder: Callable[[str], Path]
    count: int = field(default=0)

    def __call__(self, spec: str, *inputs: str, **changes: Any) -> Answer:
        """`environment` and `largest_file` (bytes) are the process's, and whether its sentences are `reworded`.

        Everything else is a key of the request.
        """
        folder = self.folder("export")
        defaults = {"environment": {}, "largest_file": 0, "reworded": False}
        limits = {name: changes.pop(name, value) for name, value in defaults.items()}
        (folder / "out").mkdir()
        message = {**request_of(spec, folder / "out", inputs), **changes}
        return self._asked(message, folder, **limits)

    def asked(self, message: dict[str, Any]) -> Answer:
        """As tsgen asks, with an output folder of its own."""
        return self._asked(message, self.folder("asked"), environment={}, largest_file=0, reworded=False)

    def _asked(self, message: dict[str, Any], folder: Path, **limits: Any) -> Answer:
        request, response, stdout = folder / "request.json", folder / "response.json", folder / "stdout"
        request.write_text(json.dumps(message))
        job = {"request": str(request), "response": str(response), "output": str(stdout)}
        return self._answer({**job, **limits}, folder)

    def _answer(self, job: dict[str, Any], folder: Path) -> Answer:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(job) + "\n")
        self.process.stdin.flush()
        status = int(self.process.stdout.readline())
        errors = Path(job["output"] + ".err").read_text(encoding="utf-8")
        response = json.loads(Path(job["response"]).read_text(encoding="utf-8"))
        return Answer(status, response, folder / "out", Path(job["output"]).read_text(encoding="utf-8"), errors)


class Arguments(Protocol):
    """Writes a request into a folder; returns what the model's Python is started with."""

    def __call__(self, folder: Path, spec: str, *inputs: str, **changes: Any) -> list[str]: ...


@pytest.fixture(scope="session")
def arguments_for() -> Arguments:
    def write(folder: Path, spec: str, *inputs: str, **changes: Any) -> list[str]:
        (folder / "out").mkdir()
        (folder / "request.json").write_text(json.dumps({**request_of(spec, folder / "out", inputs), **changes}))
        return [str(WORKER), str(folder / "request.json"), str(folder / "response.json")]

    return write


@pytest.fixture(scope="session")
def export(model_python: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    command = [str(model_python), str(HERE / "server.py"), str(WORKER)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield Server(process, tmp_path_factory.mktemp)
        assert process.stdin is not None
        process.stdin.close()
