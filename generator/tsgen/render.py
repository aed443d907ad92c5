"""The project from the cookiecutter template, and the typed API from templates/api.

The only module that imports cookiecutter. Its stage functions are called one by one: the documented entry point
reads the user's ~/.cookiecutterrc, writes to HOME, and drops unknown keys in silence.
"""

from __future__ import annotations

import json
import re
from importlib.resources import files as package_files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tsgen import files
from tsgen.errors import ConfigError, RenderError
from tsgen.naming import encoded

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tsgen.config import Config
    from tsgen.types import Artifact, Leaf

_SLUG = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,63}", re.ASCII)
_SEPARATOR = ";"
# What the typed header itself calls its things; a field of that name would hide it.
_API_NAMES = frozenset(
    ["Inputs", "Outputs", "Model", "Runtime", "Tensor", "TensorView", "TypedTensor", "Device", "Half", "BFloat16"]
)

_CPP_TYPES: Mapping[str, str] = {
    "uint8": "std::uint8_t",
    "int8": "std::int8_t",
    "int16": "std::int16_t",
    "int32": "std::int32_t",
    "int64": "std::int64_t",
    "float16": "Half",
    "bfloat16": "BFloat16",
    "float32": "float",
    "float64": "double",
    "bool": "bool",
    "complex64": "std::complex<float>",
    "complex128": "std::complex<double>",
}


def template_dir() -> Path:
    """The templates inside the wheel; in an editable install, those of the repository."""
    shipped = Path(str(package_files("tsgen"))) / "_templates"
    return shipped if shipped.is_dir() else Path(__file__).resolve().parents[2] / "templates"


def check_name(name: str) -> None:
    """Raises ConfigError for a name that cannot be a folder, a CMake target and a C++ namespace at once."""
    if not _SLUG.fullmatch(name):
        raise ConfigError(
            f"`{name}` cannot be a project's name: up to 64 ASCII letters, digits, - and _ can, a letter first",
            hint="name the project alone, and its place with --output DIR",
        )
    reserved = {word.lower() for word in _defaults()["_reserved_names"]}
    if {name.lower(), identifier(name).lower()} & reserved:
        raise ConfigError(
            f"`{name}` cannot be a project's name: C++, CMake, LibTorch or Windows uses it",
            hint=f"choose another, for example {name}-app",
        )


def identifier(name: str) -> str:
    """`name` as a C++ identifier."""
    return name.replace("-", "_")


def project(config: Config, parent: Path) -> Path:
    """Render the project into a new folder of `parent` and return it; hooks do not run.

    Raises ConfigError for a bad name or value, RenderError when the template fails or the files cannot be written.
    """
    from cookiecutter.exceptions import CookiecutterException  # noqa: PLC0415 - half of tsgen's start, needed only here
    from cookiecutter.generate import generate_context, generate_files  # noqa: PLC0415
    from cookiecutter.prompt import prompt_for_config  # noqa: PLC0415
    from jinja2 import TemplateError  # noqa: PLC0415

    check_name(config.name)
    _check_value("--output", str(parent))
    template = template_dir() / "cpp"
    try:
        context = generate_context(str(template / "cookiecutter.json"), extra_context=_context(config))
        context["cookiecutter"] = prompt_for_config(context, no_input=True)
        with files.writing(parent, RenderError):
            made = generate_files(str(template), context, output_dir=str(parent), accept_hooks=False)
    except (CookiecutterException, TemplateError, ValueError) as error:
        # cookiecutter's own text goes on with its whole context.
        first, _, rest = str(error).partition(" Error message: ")
        details = rest.partition(" Context: ")[0]
        raise RenderError(
            f"the template could not be rendered: {first}", hint="install tsgen again", details=details
        ) from error
    return Path(made)


def write_api(artifact: Artifact, name: str, root: Path) -> bool:
    """Write the model's typed header into the project; return whether it changed. Raises RenderError."""
    from jinja2 import TemplateError  # noqa: PLC0415

    try:
        text = api(artifact, name)
    except TemplateError as error:
        raise RenderError(f"the typed API could not be rendered: {error!r}", hint="install tsgen again") from error
    return files.write_if_changed(root / "include" / name / "model.hpp", text)


def api(artifact: Artifact, name: str) -> str:
    """The typed header of the model: templates/api/model.hpp.j2 filled from the signature."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # noqa: PLC0415

    environment = Environment(
        loader=FileSystemLoader(template_dir() / "api"),
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        autoescape=False,  # noqa: S701 - C++, not HTML
    )
    return environment.get_template("model.hpp.j2").render(
        slug=name,
        identifier=identifier(name),
        model=artifact.model,
        method=artifact.method,
        torch_version=artifact.torch_version,
        inputs=_leaves(artifact.signature.inputs, "input", artifact.signature.dims),
        outputs=_leaves(artifact.signature.outputs, "output", artifact.signature.dims),
    )


def _context(config: Config) -> dict[str, str]:
    context = {
        "project_slug": config.name,
        "model": config.model,
        "model_args": _joined(config.model_args, "--model-arg"),
        "weights": config.weights,
        "inputs": _joined(config.inputs, "--input"),
        "method": config.method,
        "seed": str(config.seed),
        "livened": str(config.livened).lower(),
        "unsafe_pickle": str(config.unsafe_pickle).lower(),
        "preprocess": config.preprocess,
        "op_libraries": _joined(config.op_libraries, "--op-library"),
        "build_type": config.build_type,
        "device": config.device,
        "libtorch": config.libtorch,
        "torch_version": config.torch_version,
        "accelerator": config.accelerator,
        "older_libtorch": str(config.older_libtorch).lower(),
        "platforms": _joined(config.platforms, "platforms"),
    }
    # cookiecutter ignores a key it does not know; that would be our bug, not the user's.
    if unknown := set(context) - set(_defaults()):
        raise RenderError(f"the template has no {', '.join(sorted(unknown))}", hint="install tsgen again")
    for key, value in context.items():
        _check_value(key, value)
    return context


def _check_value(key: str, value: str) -> None:
    if not value.isprintable():
        raise ConfigError(f"{key}: {value!r} has control characters in it", hint="rename the file or folder it names")
    if any(mark in value for mark in ("{{", "{%", "{#")):
        raise ConfigError(f"{key}: `{value}` would be taken for a template", hint="rename the file or folder it names")


def _joined(items: Iterable[str], option: str) -> str:
    items = list(items)
    if clash := [item for item in items if _SEPARATOR in item]:
        raise ConfigError(f"{option}: `{clash[0]}` has a `{_SEPARATOR}` in it", hint="put the value into the factory")
    return _SEPARATOR.join(items)


def _defaults() -> dict[str, Any]:
    path = template_dir() / "cpp" / "cookiecutter.json"
    return dict(json.loads(path.read_text(encoding="utf-8")))


def _leaves(leaves: Iterable[Leaf], prefix: str, dims: Mapping[str, int]) -> list[dict[str, Any]]:
    taken: set[str] = set()
    return [_leaf(leaf, _identifier_of(leaf.name, prefix, taken), dims) for leaf in leaves]


def _leaf(leaf: Leaf, name: str, dims: Mapping[str, int]) -> dict[str, Any]:
    return {
        "name": leaf.name,
        "encoded": encoded(leaf.name),
        "shown": leaf.name if re.fullmatch(r"[\w .:/-]+", leaf.name) else encoded(leaf.name),
        "identifier": name,
        "dtype": leaf.dtype,
        "cpp_type": _CPP_TYPES[leaf.dtype],
        "shape": None if leaf.shape is None else list(leaf.shape),
        "example": [dims.get(str(dim), dim) for dim in leaf.shape or ()],
        "shape_text": "?" if leaf.shape is None else ", ".join(map(str, leaf.shape)),
    }


def _identifier_of(name: str, prefix: str, taken: set[str]) -> str:
    """A C++ identifier for a leaf's name, different from those in `taken`, to which it is added."""
    word = re.sub("__+", "_", re.sub(r"\W", "_", name, flags=re.ASCII)).strip("_")
    # Two capitals and more may be a macro of a system header: NULL, EOF, INT_MAX.
    taken_by_others = word in {*_API_NAMES, *_defaults()["_reserved_names"]} or re.fullmatch("[A-Z][A-Z0-9_]+", word)
    base = f"{prefix}_{word}".rstrip("_") if not word or word[0].isdigit() or taken_by_others else word
    unique = base
    number = 2
    while unique in taken:
        unique, number = f"{base}_{number}", number + 1
    taken.add(unique)
    return unique
