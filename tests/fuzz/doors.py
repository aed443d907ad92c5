"""Every door through which a file comes in: which files, and what is called when one of them lies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

if TYPE_CHECKING:
    from pathlib import Path

Kind: TypeAlias = Literal["runner", "tsgen", "process", "worker"]
"""`tsgen`: in a fork of this process; `process`: started as a user does; `worker`: in a fork of one that has torch."""
_MODEL, _CASES = "app/model/model.pt", "app/model/cases/*/*.npy"
_REPLIES = "app/build/release/.cmake/api/v1/reply/*.json"
_PROJECT = ("app/tsgen.lock", "app/tsgen.toml", "app/model/manifest.json", "app/CMakeUserPresets.json")
_NAMED_INPUTS: list[dict[str, Any]] = [{"name": "x", "dtype": None, "shape": ["N", 4], "sizes": {}}]
_EXPORT = ("export", "net.py:Net", "--input", "Nx4")
_NET = {"kind": "file", "path": "net.py", "attribute": "Net"}


@dataclass(frozen=True)
class Door:
    name: str
    kind: Kind
    files: tuple[str, ...]
    """Patterns below the arena's place; one file is mutated."""
    words: tuple[str, ...] = ()
    """`FILE` stands for that file."""
    share: int = 1


DOORS = (
    Door("runner --info", "runner", (_MODEL,), (_MODEL, "--info", "--json"), 14),
    Door("runner --verify", "runner", (_MODEL,), (_MODEL, "--verify"), 8),
    Door("runner --verify, cases", "runner", (_CASES,), (_MODEL, "--verify", "--json"), 10),
    Door("runner --verify, index", "runner", ("app/model/cases/index.tsv",), (_MODEL, "--verify"), 5),
    Door("runner --input", "runner", ("app/model/cases/*/input.x.npy",), (_MODEL, "--input", "x=FILE"), 4),
    Door("runner, others' files", "runner", ("*.pt", "*.ckpt", "*.pt2"), ("FILE",), 4),
    Door("inspect", "worker", (_MODEL, "scripted.pt"), ("inspect",), 10),
    Door("model", "worker", ("scripted.pt",), ("model",), 4),
    Door("program", "worker", ("program.pt2",), ("model",), 6),
    Door("weights", "worker", ("plain.pt", "nested.ckpt", "old.pth", "tensors.safetensors"), ("weights",), 14),
    Door("a folder of transformers", "worker", ("bert/*",), ("folder",), 1),
    Door("tsgen doctor --explain", "tsgen", ("*.pt", "app/tsgen.toml"), ("doctor", "--explain", "FILE"), 1),
    Door("tsgen update", "tsgen", _PROJECT, ("update", "app"), 1),
    Door("tsgen test", "tsgen", (*_PROJECT, _MODEL, _CASES), ("test", "app"), 8),
    Door("tsgen matrix", "tsgen", _PROJECT, ("matrix", "app", "--json"), 4),
    Door("tsgen matrix --merge", "tsgen", ("app/build/matrix/*/result.json",), ("matrix", "app", "--merge", "app"), 4),
    Door("tsgen update --check", "tsgen", ("app/tsgen.lock", "app/tsgen.toml"), ("update", "app", "--check"), 2),
    Door("tsgen libtorch verify", "tsgen", ("store/**/*.json",), ("libtorch", "verify", "--json"), 3),
    Door("tsgen libtorch prune", "tsgen", ("store/**/*.json",), ("libtorch", "prune", "--dry-run"), 1),
    Door("tsgen libtorch list", "tsgen", ("store/**/*.json",), ("libtorch", "list", "--json"), 1),
    Door("tsgen build", "tsgen", (*_PROJECT, "app/build/release/proof.json", _MODEL, _CASES), ("build", "app"), 3),
    Door("tsgen build, kept", "tsgen", ("app/build/*.json", "app/build/release/*.json", _REPLIES), ("build", "app"), 2),
    Door("tsgen build --locked", "tsgen", _PROJECT, ("build", "app", "--locked"), 2),
    Door("the command test", "process", (*_PROJECT, _MODEL, _CASES), ("test", "app", "--json"), 1),
    Door("the command build", "process", _PROJECT, ("build", "app", "--json"), 1),
    Door("the command export", "process", ("*.pt", "*.pt2"), ("export", "FILE", "--input", "Nx4", "-o", "exported"), 1),
    Door("the command export, weights", "process", ("*.ckpt",), (*_EXPORT, "--weights", "FILE", "-o", "exported"), 1),
    Door("the command inspect", "process", (_MODEL,), ("inspect", "app", "--json"), 1),
)


def request(what: str, file: Path, place: Path, output: Path) -> dict[str, Any]:
    """What the worker is asked for `file`."""
    if what == "inspect":
        return {"format": 2, "action": "inspect", "path": str(file), "code": True, "text": True, "graph": True}
    source: dict[str, str] = {**_NET, "path": str(place / "net.py")}
    if what != "weights":
        folder = what == "folder"
        source = {"kind": "hf_folder" if folder else "torchscript", "path": str(file.parent if folder else file)}
    tolerance = {"float32": {"rtol": 1e-4, "atol": 1e-5}}
    return {
        "format": 2,
        "source": source,
        "label": file.name,
        "weights": str(file) if what == "weights" else "none",
        "method": "trace" if what == "weights" else "auto",
        "inputs": [] if what == "folder" else _NAMED_INPUTS,
        "tolerance": tolerance,
        "search_path": [str(place)],
        "output": str(output),
    }
