"""Ask the worker what is in a TorchScript file, and turn its answer into values."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tsgen.errors import ConfigError, ToolMissingError
from tsgen.model import manifest
from tsgen.model.export import ask
from tsgen.types.graphs import Block, MethodGraph, Step
from tsgen.types.inspection import (
    GraphText,
    Inspection,
    MethodSeen,
    OperatorSeen,
    Producer,
    SourceSeen,
    Submodule,
    TensorSeen,
    Value,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from tsgen.interpreter import Interpreter

    Json = Mapping[str, Any]


_REMARKS = (
    ("the answer is element {} of what forward returns", "select"),
    ("quantized engine {}", "engine"),
    ("operator library {}", "library"),
    ("keeps state from call to call", "sequence"),
)


def artifact_file(place: Path) -> Path:
    """The TorchScript file that a path means: itself, a project's model/model.pt, or the model.pt of that folder.

    Raises ConfigError.
    """
    if not place.exists():
        raise ConfigError(f"{place} does not exist", hint="name a TorchScript file, a project or its model folder")
    if not place.is_dir():
        return place
    candidates = (place / "model" / manifest.MODEL, place / manifest.MODEL)
    for file in candidates:
        if file.is_file():
            return file
    built = (place / "tsgen.toml").is_file()
    raise ConfigError(
        f"{place} holds no {manifest.MODEL}, nor does {place / 'model'}",
        hint=f"`tsgen build {place}` exports it" if built else "name the TorchScript file itself",
    )


def inspect(
    file: Path, interpreter: Interpreter, op_libraries: Sequence[Path], *, code: bool, text: bool, graph: bool
) -> tuple[Inspection, tuple[MethodGraph, ...]]:
    """`code`, `text` (the graph as torch prints it) and `graph` (as data, to be drawn) are left out unless wanted.

    Raises ExportError (ConfigError, ToolMissingError) with the worker's own sentence.
    """
    if not interpreter.torch:
        raise ToolMissingError(
            f"{interpreter.executable} has no torch, so it cannot look into the file",
            hint="name a Python that has it with --python, or `pip install torch`",
        )
    with tempfile.TemporaryDirectory() as folder:
        message = {
            "format": 1,
            "action": "inspect",
            "path": str(file),
            "op_libraries": [str(path) for path in op_libraries],
            "code": code,
            "text": text,
            "graph": graph,
            "output": str(Path(folder) / "inspection"),
        }
        answer = ask(message, interpreter)
    return _inspection(file, answer), tuple(map(_graph, answer["graphs"] or ()))


def _inspection(file: Path, answer: Json) -> Inspection:
    words = (answer["signature"] or {}).get("words", {})
    return Inspection(
        file=file,
        bytes=answer["bytes"],
        loaded=answer["loaded"],
        missing_operators=tuple(answer["missing_operators"]),
        read_by=answer["read_by"],
        class_name=answer["class"],
        produced_by=Producer(
            torch_version=" ".join(words.get("torch", ())),
            model=" ".join(words.get("model", ())),
            method=" ".join(words.get("method", ())),
            file_version=answer["file_version"],
            remarks=tuple(_remarks(words)),
        ),
        methods=_methods(answer["methods"], answer["signature"]),
        tensors=tuple(TensorSeen(**{**each, "shape": tuple(each["shape"])}) for each in answer["tensors"]),
        submodules=tuple(Submodule(**_class_name(each)) for each in answer["modules"]),
        operators=tuple(OperatorSeen(**each) for each in answer["operators"]),
        archive=answer["archive"],
        code=_all(SourceSeen, map(_class_name, answer["code"])) if answer["code"] is not None else None,
        graph=_all(GraphText, answer["text"]) if answer["text"] is not None else None,
    )


def _remarks(words: Mapping[str, Sequence[str]]) -> Iterator[str]:
    if "flat" in words.get("call", ()):
        yield "takes and gives flat tensors, numbers among them"
    for text, key in _REMARKS:
        yield from (text.format(said) for said in words.get(key, ()))


def _all(kind: Any, tables: Iterable[Json]) -> tuple[Any, ...]:
    return tuple(kind(**table) for table in tables)


def _class_name(table: Json) -> dict[str, Any]:
    """`class` cannot be an attribute of a value."""
    return {("class_name" if key == "class" else key): item for key, item in table.items()}


def _methods(declared: Sequence[Json], signature: Json | None) -> tuple[MethodSeen, ...]:
    """What tsgen wrote about a method says more than its schema; a file that is not loaded has only that."""
    written = {"forward": signature, **signature["methods"]} if signature else {}
    schemas = {each["name"]: each for each in declared}
    return tuple(_method(name, schemas.get(name), written.get(name)) for name in dict.fromkeys((*schemas, *written)))


def _method(name: str, declared: Json | None, written: Json | None) -> MethodSeen:
    best = written or declared or {"inputs": (), "outputs": ()}
    return MethodSeen(
        name=name,
        schema=declared["schema"] if declared else "",
        described_by="signature.tsgen" if written else "schema",
        inputs=tuple(map(_value, best["inputs"])),
        outputs=tuple(map(_value, best["outputs"])),
        dims=best.get("dims", {}),
    )


def _value(table: Json) -> Value:
    shape = table.get("shape")
    return Value(
        name=table["name"],
        kind=table.get("kind", ""),
        dtype=table.get("dtype", ""),
        shape=None if shape is None else tuple(shape),
        optional=table.get("optional", False),
        type=table.get("type", ""),
        constant=table.get("value"),
        default=table.get("default"),
    )


def _graph(table: Json) -> MethodGraph:
    return MethodGraph(module=table["module"], class_name=table["class"], method=table["method"], body=_block(table))


def _block(table: Json) -> Block:
    return Block(
        inputs=_typed(table["inputs"]), steps=tuple(map(_step, table["nodes"])), outputs=tuple(table["outputs"])
    )


def _step(table: Json) -> Step:
    call = table["call"]
    return Step(
        operator=table["operator"],
        label=table["label"],
        arguments=tuple((each["name"], each["value"]) for each in table["inputs"]),
        outputs=_typed(table["outputs"]),
        source=table["source"],
        call=(call["module"], call["method"]) if call else None,
        blocks=tuple(map(_block, table["blocks"])),
    )


def _typed(tables: Iterable[Json]) -> tuple[tuple[str, str], ...]:
    return tuple((each["name"], each["type"]) for each in tables)
