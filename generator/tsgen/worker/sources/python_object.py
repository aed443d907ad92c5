"""A class, a function or an instance in the user's own Python: `package.module:name` and `file.py:name`."""

from __future__ import annotations

import importlib
import importlib.util
import inspect
import re
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch

from ..messages import Problem
from ..suggest import did_you_mean, format_names
from ..users_code.failures import user_code
from ..weights.load import load_named
from . import example_inputs, factory, package
from .loaded import Loaded

if TYPE_CHECKING:
    from types import ModuleType

    from ..messages import ExportRequest


def load_module(request: ExportRequest) -> Loaded:
    name = request.source["module"]
    sys.path[:0] = list(request.search_path)
    with user_code(f"importing {name}"):
        try:
            module = importlib.import_module(name)
        except ModuleNotFoundError as error:
            if not error.name or not (name == error.name or name.startswith(f"{error.name}.")):
                raise
            raise _no_module(name, error) from error
    return _load(module, request)


def _no_module(name: str, error: ModuleNotFoundError) -> Problem:
    missing = "" if error.name == name else f" (no module {error.name!r})"
    return Problem(
        "unknown_model",
        f"there is no Python module {name!r}{missing}",
        "modules are looked for in the current folder and in what is installed in the model's Python; "
        "a file is named with its ending: path/to/file.py:factory",
    )


def load_file(request: ExportRequest) -> Loaded:
    path = Path(request.source["path"])
    if not path.is_file():
        what = "is a folder" if path.is_dir() else "does not exist"
        raise Problem("unknown_model", f"the model file {path} {what}", "give the path of a Python file")
    root, name = package.of(path)
    if name:
        sys.path[:0] = [str(root), *request.search_path, str(path.parent)]
        loaded = _load(_import_part(name, path), request)
    else:
        sys.path[:0] = [str(path.parent), *request.search_path]
        loaded = _load(_import_file(path), request)
    # By name, wherever it lies: below site-packages it would not count as the user's.
    return replace(loaded, files=(*loaded.files, str(path.resolve())))


def _import_part(name: str, path: Path) -> ModuleType:
    with user_code(f"importing {name}"):
        try:
            module = importlib.import_module(name)
        except SyntaxError as error:
            raise _syntax_error(error) from error
    if not package.is_file_of(module, path):  # another of that name is imported already
        return _import_file(path)
    return module


def _import_file(path: Path) -> ModuleType:
    """Under a name that meets no installed module's and is the same on every machine: it is written into the export."""
    name = "tsgen_model_" + re.sub(r"\W", "_", path.stem, flags=re.ASCII)
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise Problem("unknown_model", f"{path} is not a Python file", "give the path of a .py file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    with user_code(f"importing {path.name}"):
        try:
            spec.loader.exec_module(module)
        except SyntaxError as error:
            raise _syntax_error(error) from error
    return module


def _syntax_error(error: SyntaxError) -> Problem:
    place = f"{Path(error.filename or '').name}:{error.lineno}"
    source = f": {error.text.strip()}" if error.text else ""
    return Problem("model_raised", f"{place} is not Python: {error.msg}{source}", "correct the file")


def _load(module: ModuleType, request: ExportRequest) -> Loaded:
    model = factory.model_of(_attribute(module, request), request)
    if request.weights == "DEFAULT":
        raise Problem(
            "bad_weights",
            f"{request.label} has no DEFAULT weights: only the libraries' models do",
            "give a file (--weights FILE) or none, and let the factory load what it needs",
        )
    weights = load_named(model, request)
    return Loaded(
        model=model,
        example=lambda: example_inputs.read(module, model),
        method_example=lambda name, view: example_inputs.read(module, view, method=name),
        files=weights.files,
        notes=weights.notes,
    )


def _attribute(module: ModuleType, request: ExportRequest) -> Any:
    value: Any = module
    for part in request.source["attribute"].split("."):
        if not hasattr(value, part):
            raise _no_attribute(module, request)
        value = getattr(value, part)
    return value


def _no_attribute(module: ModuleType, request: ExportRequest) -> Problem:
    wanted = request.source["attribute"]
    own = [name for name, value in vars(module).items() if not name.startswith("_") and _makes_models(value, module)]
    there = f"it has {format_names(own)}" if own else "it defines no class, no function and no nn.Module"
    where = request.source.get("path") or request.source["module"]
    return Problem("unknown_model", f"{Path(where).name} has no {wanted!r}", did_you_mean(wanted, own) or there)


def _makes_models(value: Any, module: ModuleType) -> bool:
    if isinstance(value, torch.nn.Module):
        return True
    of_module = getattr(value, "__module__", None) == module.__name__
    if inspect.isclass(value):
        return of_module and issubclass(value, torch.nn.Module)
    return of_module and inspect.isfunction(value)
