"""What --model, --model-arg and --input name: words -> typed values, before anything is imported."""

from __future__ import annotations

import json
import os.path
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from tsgen.config import relative_to
from tsgen.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Sequence

Kind = Literal["torchvision", "module", "file", "torchscript"]

_NAME = re.compile(r"[A-Za-z_]\w*", re.ASCII)
_DOTTED = re.compile(r"[A-Za-z_][\w.]*", re.ASCII)
_TORCHSCRIPT = (".pt", ".pth", ".ts", ".torchscript")
_FORMS = (
    "a torchvision name (resnet18), package.module:factory, path/to/file.py:factory, or a TorchScript file (model.pt)"
)

_REAL_DTYPES = ("uint8", "int8", "int16", "int32", "int64", "float16", "bfloat16", "float32", "float64")
DTYPES = (*_REAL_DTYPES, "bool", "complex64", "complex128")


@dataclass(frozen=True, kw_only=True)
class ModelSpec:
    """A parsed model spec; `target` is a name, a module or a path, and `attribute` what is taken from it."""

    kind: Kind
    target: str
    attribute: str = ""

    def __str__(self) -> str:
        return f"{self.target}:{self.attribute}" if self.attribute else self.target

    @property
    def path(self) -> Path | None:
        return Path(self.target) if self.kind in {"file", "torchscript"} else None


def parse_model(text: str) -> ModelSpec:
    """Raises ConfigError for a spec of none of the four forms."""
    target, colon, attribute = text.rpartition(":")
    if text.endswith(_TORCHSCRIPT):
        return ModelSpec(kind="torchscript", target=text)
    if colon and target.endswith(".py") and _NAME.fullmatch(attribute):
        return ModelSpec(kind="file", target=target, attribute=attribute)
    if colon and _DOTTED.fullmatch(target) and _NAME.fullmatch(attribute):
        return ModelSpec(kind="module", target=target, attribute=attribute)
    if not colon and _NAME.fullmatch(text):
        return ModelSpec(kind="torchvision", target=text)
    missing = "name what to take from it: path/to/file.py:factory" if text.endswith(".py") else f"give {_FORMS}"
    raise ConfigError(f"--model: `{text}` is not a model spec", hint=missing)


def located(spec: ModelSpec, base: Path) -> ModelSpec:
    """The spec with its file as an absolute path; a relative one is taken from `base`."""
    if spec.path is None:
        return spec
    # Not resolve(): `base` may not stand in its place yet, and links in the user's path are the user's.
    return ModelSpec(kind=spec.kind, target=os.path.normpath(base / spec.path), attribute=spec.attribute)


def rebased(text: str, root: Path) -> str:
    """The spec as tsgen.toml has it: a path given from where the user stands becomes one from the project."""
    spec = parse_model(text)
    if spec.path is None:
        return text
    moved = relative_to(spec.path.expanduser().absolute(), root)
    return str(ModelSpec(kind=spec.kind, target=moved, attribute=spec.attribute))


def parse_args(items: Sequence[str]) -> dict[str, Any]:
    """`K=V` with V as JSON, or else a string. Raises ConfigError for one without `=`."""
    args: dict[str, Any] = {}
    for item in items:
        key, equals, value = item.partition("=")
        if not equals or not _NAME.fullmatch(key):
            raise ConfigError(f"--model-arg: `{item}` is not K=V", hint="write it as --model-arg num_classes=10")
        try:
            args[key] = json.loads(value)
        except ValueError:
            args[key] = value
    return args


def parse_inputs(items: Sequence[str]) -> list[dict[str, Any]]:
    """Raises ConfigError as parse_input does."""
    return [parse_input(text) for text in items]


def parse_input(text: str) -> dict[str, Any]:
    """`[NAME=]SHAPE[:DTYPE]` as the worker takes it.

    SHAPE is dimensions joined by `x`: a number is fixed, a name is dynamic, `NAME@SIZE` says its example size. No
    dimension at all (`scale=:float32`) is a number. Raises ConfigError.
    """
    name, shape, dtype = _split(text)
    if dtype and dtype not in DTYPES:
        raise ConfigError(f"--input {text}: `{dtype}` is not a dtype", hint=f"one of {', '.join(DTYPES)}")
    dimensions = [_dimension(word, text) for word in shape.split("x")] if shape else []
    return {"name": name or None, "dtype": dtype or None, "shape": dimensions}


def _split(text: str) -> tuple[str, str, str]:
    match = re.fullmatch(r"(?:(?P<name>[A-Za-z_]\w*)=)?(?P<shape>[\w@]*)(?::(?P<dtype>\w+))?", text, re.ASCII)
    if not match or not (match["shape"] or match["dtype"]):
        raise ConfigError(
            f"--input: `{text}` is not [NAME=]SHAPE[:DTYPE]",
            hint="write it as Nx3x224x224, Nx3xH@224xW@224:float32 or input_ids=Nx16:int64",
        )
    return match["name"] or "", match["shape"], match["dtype"] or ""


def _dimension(word: str, text: str) -> int | dict[str, Any]:
    match = re.fullmatch(r"(?P<size>\d{1,18})|(?P<name>[A-Za-z_]\w*)(?:@(?P<example>\d{1,18}))?", word, re.ASCII)
    if not match:
        raise ConfigError(
            f"--input {text}: `{word}` is not a dimension",
            hint="a dimension is a number, or a name without an `x` for a dynamic one: N, H@224",
        )
    if match["size"]:
        return int(match["size"])
    return {"name": match["name"], "size": int(match["example"]) if match["example"] else None}
