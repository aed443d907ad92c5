"""What --model and --model-arg name: words -> typed values, before anything is imported."""

from __future__ import annotations

import json
import math
import os.path
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from tsgen.config import relative_to
from tsgen.errors import ConfigError
from tsgen.model import content

if TYPE_CHECKING:
    from collections.abc import Sequence

Kind = Literal["torchvision", "timm", "hf", "hf_folder", "module", "file", "torchscript"]

_NAME = re.compile(r"[A-Za-z_]\w*", re.ASCII)
_ATTRIBUTE = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*", re.ASCII)
"""`Net`, or one of a class or an instance: `Zoo.make`."""
_DOTTED = re.compile(r"[A-Za-z_][\w.]*", re.ASCII)
_LIBRARY_NAME = re.compile(r"\w[\w.-]*(?:/[\w.-]+)?", re.ASCII)
"""`resnet18.a1_in1k`, `BertConfig`, or the `owner/name` of a model on the Hugging Face Hub."""
_FOLDER = re.compile(r"[./\\~]|[A-Za-z]:[/\\]")
"""How a folder begins that cannot be taken for a name."""
_PROGRAM = (".pt", ".pth", ".pt2", ".ts", ".jit", ".torchscript")
"""What is in such a file is seen when it is there: TorchScript or an exported program."""
_WEIGHTS = (".safetensors", ".ckpt", ".bin")
_DIGITS = 20
"""Of a number of 64 bits, with its sign; Python refuses to read some thousands."""
_FORMS = (
    "a torchvision name (resnet18), timm:NAME, hf:FOLDER or hf:CONFIG, package.module:factory, "
    "path/to/file.py:factory, or a file of torch.jit.save or torch.export.save (model.pt, net.pt2)"
)
_PREFIXES: dict[Kind, str] = {"timm": "timm:", "hf": "hf:", "hf_folder": "hf:"}


@dataclass(frozen=True, kw_only=True)
class ModelSpec:
    """A parsed model spec; `target` is a name, a module or a path, and `attribute` what is taken from it."""

    kind: Kind
    target: str
    attribute: str = ""

    def __str__(self) -> str:
        words = f"{self.target}:{self.attribute}" if self.attribute else self.target
        return f"{_PREFIXES.get(self.kind, '')}{words}"

    @property
    def path(self) -> Path | None:
        return Path(self.target) if self.kind in {"file", "torchscript", "hf_folder"} else None


def parse_model(text: str, base: Path = Path()) -> ModelSpec:
    """Raises ConfigError for a spec of none of the forms. A file of any name in `base` is known by its content."""
    prefix, _, name = text.partition(":")
    if prefix in {"timm", "hf"}:
        return _of_library(prefix, name, text)
    target, colon, attribute = text.rpartition(":")
    if text.endswith(_PROGRAM) or content.is_program(base / text):
        return ModelSpec(kind="torchscript", target=text)
    if text.endswith(_WEIGHTS):
        raise ConfigError(
            f"--model: {text} holds weights, and no program to run them with",
            hint=f"name their model, and this file as its weights: --model file.py:factory --weights {text}",
        )
    if colon and target.endswith(".py") and _ATTRIBUTE.fullmatch(attribute):
        return ModelSpec(kind="file", target=target, attribute=attribute)
    if colon and _DOTTED.fullmatch(target) and _ATTRIBUTE.fullmatch(attribute):
        return ModelSpec(kind="module", target=target, attribute=attribute)
    if not colon and _NAME.fullmatch(text):
        return ModelSpec(kind="torchvision", target=text)
    missing = "name what to take from it: path/to/file.py:factory" if text.endswith(".py") else f"give {_FORMS}"
    raise ConfigError(f"--model: `{text}` is not a model spec", hint=missing)


def _of_library(prefix: str, name: str, text: str) -> ModelSpec:
    if prefix == "hf" and _FOLDER.match(name):
        return ModelSpec(kind="hf_folder", target=name)
    if _LIBRARY_NAME.fullmatch(name):
        return ModelSpec(kind="timm" if prefix == "timm" else "hf", target=name)
    if prefix == "hf" and name:  # a folder with blanks or letters that no name has
        return ModelSpec(kind="hf_folder", target=name)
    form = (
        "timm:resnet18" if prefix == "timm" else "hf:path/to/folder, hf:BertConfig or hf:BertForSequenceClassification"
    )
    raise ConfigError(f"--model: `{text}` is not a model spec", hint=f"write it as {form}")


def located(spec: ModelSpec, base: Path) -> ModelSpec:
    """The spec with its file or folder as an absolute path; a relative one is taken from `base`."""
    spec = _settled(spec, base)
    if spec.path is None:
        return spec
    # Not resolve(): `base` may not stand in its place yet, and links in the user's path are the user's.
    return ModelSpec(kind=spec.kind, target=os.path.normpath(base / spec.path), attribute=spec.attribute)


def rebased(text: str, root: Path) -> str:
    """The spec as tsgen.toml has it: a path given from where the user stands becomes one from the project."""
    spec = _settled(parse_model(text), Path())
    if spec.path is None:
        return text
    moved = relative_to(spec.path.expanduser().absolute(), root)
    if spec.kind == "hf_folder" and not _FOLDER.match(moved):
        moved = f"./{moved}"  # still a folder where it cannot be looked up
    return str(ModelSpec(kind=spec.kind, target=moved, attribute=spec.attribute))


def _settled(spec: ModelSpec, base: Path) -> ModelSpec:
    """`hf:models/bert` is a folder where there is one; else the name of something."""
    is_folder = spec.kind == "hf" and (base / spec.target).is_dir()
    return ModelSpec(kind="hf_folder", target=spec.target) if is_folder else spec


def parse_args(items: Sequence[str]) -> dict[str, Any]:
    """`K=V` with V as JSON, or else a string. Raises ConfigError for one without `=`."""
    args: dict[str, Any] = {}
    for item in items:
        key, equals, value = item.partition("=")
        if not equals or not _NAME.fullmatch(key):
            raise ConfigError(f"--model-arg: `{item}` is not K=V", hint="write it as --model-arg num_classes=10")
        args[key] = _argument(value, item)
    return args


def _argument(words: str, item: str) -> Any:
    """JSON's value, or else the words themselves. Raises ConfigError for what is JSON and cannot be an argument."""
    too_large = ConfigError(
        f"--model-arg: a number of `{item[:40]}` does not fit in 64 bits", hint="give a smaller one"
    )

    def whole(digits: str) -> int:
        if len(digits) > _DIGITS or not -(2**63) <= int(digits) < 2**63:
            raise too_large
        return int(digits)

    def real(digits: str) -> float:
        if math.isinf(float(digits)):
            raise too_large
        return float(digits)

    try:
        return json.loads(words, parse_int=whole, parse_float=real)
    except RecursionError:
        raise ConfigError(f"--model-arg: `{item[:40]}` is nested too deep", hint="give fewer brackets") from None
    except ValueError:
        return words
